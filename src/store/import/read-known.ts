import { to as copyTo } from 'pg-copy-streams';
import type { Severity } from '#domain/severity/severity.ts';
import { SEVERITIES } from '#domain/severity/severity.ts';
import type { Connection } from '../database.ts';
import { KnownSightings } from './known-sightings.ts';

/** Copies the open sightings of one scope out of the database, in PostgreSQL's binary format. */
export async function readKnownSightings(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
): Promise<KnownSightings> {
  const known = new KnownSightings();
  // Both numbers are ours; COPY takes no parameters.
  const query = `copy (select fingerprint, content_hash, cover, occurrences, held_since is not null, coalesce(severity::int, -1), coalesce(is_fixable::int, -1), finding_class, rule
    from sighting where shard = ${shard} and scope_id = ${scopeId} and gone_at is null) to stdout (format binary)`;
  const stream = connection.query(copyTo(query));
  let pending: Buffer = Buffer.alloc(0);
  let isHeaderRead = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    let position = 0;
    if (!isHeaderRead) {
      if (pending.length < 19) continue;
      position = 19 + pending.readInt32BE(15);
      isHeaderRead = true;
    }
    for (;;) {
      const end = rowEnd(pending, position);
      if (end < 0) break;
      if (pending.readInt16BE(position) === -1) {
        position = end;
        break;
      }
      addRow(known, pending, position + 2);
      position = end;
    }
    pending = pending.subarray(position);
  }
  return known;
}

/** Where the row that begins at `position` ends, or -1 when it is not all there yet. */
function rowEnd(buffer: Buffer, position: number): number {
  if (position + 2 > buffer.length) return -1;
  const fields = buffer.readInt16BE(position);
  let end = position + 2;
  for (let field = 0; field < fields; field++) {
    if (end + 4 > buffer.length) return -1;
    const length = buffer.readInt32BE(end);
    end += 4 + Math.max(0, length);
  }
  return end > buffer.length ? -1 : end;
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
