import { randomBytes } from 'node:crypto';
import { base32Hex } from '#base/digest.ts';
import type { Instant } from '#base/instant.ts';
import type { Queryable } from './database.ts';

/** One row of the audit trail: who did what to what, when. */
export interface AuditEvent {
  readonly at: Instant;
  readonly actor: string;
  readonly verb: string;
  /** `issue:…`, `scan:…`, `source:…`, `person:…`, `feed:…`. */
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export function recordEvent(db: Queryable, shard: bigint, event: AuditEvent): Promise<void> {
  return recordEvents(db, shard, [event]);
}

/** Several at once, in their order. */
export async function recordEvents(
  db: Queryable,
  shard: bigint,
  events: readonly AuditEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    ...event,
    id: eventId(event.at, nextRest()),
    at: new Date(event.at),
  }));
  await db.query(
    `insert into event (shard, id, at, actor, verb, subject, details)
     select $1, id, at, actor, verb, subject, details
     from jsonb_to_recordset($2) as row (id text, at timestamptz, actor text, verb text, subject text, details jsonb)`,
    [shard, JSON.stringify(rows)],
  );
}

/** Ids sort by time: those of earlier events are smaller than this. */
export function firstEventId(at: Instant): string {
  return eventId(at, Buffer.alloc(8));
}

let recorded = 0;

/** Events of one instant keep the order in which this process recorded them. */
function nextRest(): Buffer {
  const order = Buffer.alloc(2);
  order.writeUInt16BE(recorded, 0);
  recorded = (recorded + 1) % 0x1_00_00;
  return Buffer.concat([order, randomBytes(6)]);
}

function eventId(at: Instant, rest: Buffer): string {
  const time = Buffer.alloc(6);
  time.writeUIntBE(at, 0, 6);
  return base32Hex(Buffer.concat([time, rest]));
}
