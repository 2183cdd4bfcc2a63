import type { Severity } from '#domain/severity/severity.ts';
import { SEVERITIES } from '#domain/severity/severity.ts';
import type { Connection } from '../database.ts';
import { copyRowsOut } from './copy-out.ts';
import { KnownSightings } from './known-sightings.ts';

/** Copies the open sightings of one scope out of the database, in PostgreSQL's binary format. */
export async function readKnownSightings(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
): Promise<KnownSightings> {
  const known = new KnownSightings();
  // Both numbers are ours; COPY takes no parameters.
  await copyRowsOut(
    connection,
    `select fingerprint, content_hash, cover, occurrences, held_since is not null, coalesce(severity::int, -1), coalesce(is_fixable::int, -1), finding_class, rule
     from sighting where shard = ${shard} and scope_id = ${scopeId} and gone_at is null`,
    (buffer, start) => addRow(known, buffer, start),
  );
  return known;
}

function addRow(known: KnownSightings, buffer: Buffer, start: number): void {
  const fingerprint = buffer.subarray(start + 4, start + 20);
  const hash = buffer.readBigInt64BE(start + 24);
  const cover = buffer.readBigInt64BE(start + 36);
  const occurrences = buffer.readInt32BE(start + 48);
  const isHeld = buffer[start + 56] === 1;
  const severity = buffer.readInt32BE(start + 61);
  const fixable = buffer.readInt32BE(start + 69);
  const [findingClass, next] = readText(buffer, start + 73);
  const [rule] = readText(buffer, next);
  known.addKnown(
    fingerprint,
    hash,
    cover,
    { findingClass, severity: severityOf(severity), fixable: fixable < 0 ? null : fixable === 1, rule },
    occurrences > 1,
    isHeld,
  );
}

function readText(buffer: Buffer, position: number): [string | null, number] {
  const length = buffer.readInt32BE(position);
  if (length < 0) return [null, position + 4];
  return [buffer.toString('utf8', position + 4, position + 4 + length), position + 4 + length];
}

function severityOf(rank: number): Severity | null {
  return rank < 0 ? null : (SEVERITIES[SEVERITIES.length - 1 - rank] ?? null);
}
