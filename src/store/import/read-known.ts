import type { SightingTraits } from '#domain/scan/closing.ts';
import { SEVERITIES, type Severity } from '#domain/severity/severity.ts';
import type { Connection } from '../database.ts';
import { copyRowsOut } from './copy-out.ts';

/** What a report is compared with of one open sighting. The fingerprint is good until the next one. */
export interface ShortSighting {
  readonly fingerprint: Uint8Array;
  readonly hash: bigint;
  readonly cover: bigint;
  readonly traits: SightingTraits;
  /** Its content was put together from several entries of a report. */
  readonly isMerged: boolean;
  readonly isHeld: boolean;
}

const SHORT = `content_hash, cover, occurrences, held_since is not null, coalesce(severity::int, -1), coalesce(is_fixable::int, -1), finding_class, rule`;

/** Copies the open sightings of one scope out of the database, in PostgreSQL's binary format. */
export async function readOpenSightings(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
  take: (sighting: ShortSighting) => void,
): Promise<void> {
  const traitsOf = traitsReader();
  // Both numbers are ours; COPY takes no parameters.
  await copyRowsOut(
    connection,
    `select fingerprint, ${SHORT} from sighting where shard = ${shard} and scope_id = ${scopeId} and gone_at is null`,
    (buffer, start) => take(shortSighting(buffer, start, traitsOf)),
  );
}

/** The same for these sightings of the scope; `gone` is told those that are not open, or not there at all. */
export async function readSightings(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
  fingerprints: readonly string[],
  take: (sighting: ShortSighting) => void,
  gone: (fingerprint: Uint8Array) => void,
): Promise<void> {
  const traitsOf = traitsReader();
  // Fingerprints are hexadecimal numbers of ours.
  await copyRowsOut(
    connection,
    `select listed.fingerprint, ${SHORT} from unnest('{${fingerprints.join(',')}}'::uuid[]) as listed (fingerprint)
     left join lateral (select * from sighting where shard = ${shard} and scope_id = ${scopeId} and sighting.fingerprint = listed.fingerprint and gone_at is null limit 1) as open on true`,
    (buffer, start) => {
      if (buffer.readInt32BE(start + 20) < 0) gone(buffer.subarray(start + 4, start + 20));
      else take(shortSighting(buffer, start, traitsOf));
    },
  );
}

type TraitsReader = (buffer: Buffer, start: number) => SightingTraits;

function shortSighting(buffer: Buffer, start: number, traitsOf: TraitsReader): ShortSighting {
  return {
    fingerprint: buffer.subarray(start + 4, start + 20),
    hash: buffer.readBigInt64BE(start + 24),
    cover: buffer.readBigInt64BE(start + 36),
    isMerged: buffer.readInt32BE(start + 48) > 1,
    isHeld: buffer[start + 56] === 1,
    traits: traitsOf(buffer, start + 57),
  };
}

/** Reads the traits at the end of a row; equal ones are one object. */
function traitsReader(): TraitsReader {
  const known = new Map<string, SightingTraits>();
  return (buffer, start) => {
    const classEnd = textEnd(buffer, start + 16);
    const ruleEnd = textEnd(buffer, classEnd);
    const bytes = buffer.toString('latin1', start, ruleEnd);
    let traits = known.get(bytes);
    if (traits === undefined) {
      const fixable = buffer.readInt32BE(start + 12);
      traits = {
        findingClass: textAt(buffer, start + 16),
        severity: severityOf(buffer.readInt32BE(start + 4)),
        fixable: fixable < 0 ? null : fixable === 1,
        rule: textAt(buffer, classEnd),
      };
      known.set(bytes, traits);
    }
    return traits;
  };
}

function textEnd(buffer: Buffer, position: number): number {
  return position + 4 + Math.max(0, buffer.readInt32BE(position));
}

function textAt(buffer: Buffer, position: number): string | null {
  if (buffer.readInt32BE(position) < 0) return null;
  return buffer.toString('utf8', position + 4, textEnd(buffer, position));
}

function severityOf(rank: number): Severity | null {
  return rank < 0 ? null : (SEVERITIES[SEVERITIES.length - 1 - rank] ?? null);
}
