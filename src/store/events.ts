import { createHash, randomBytes } from 'node:crypto';
import { base32Hex } from '#base/digest.ts';
import type { Instant } from '#base/instant.ts';
import { stableJson } from '#base/stable-json.ts';
import { beforeCommit, type Connection } from './database.ts';

/** One row of the audit trail: who did what to what, when. */
export interface AuditEvent {
  readonly at: Instant;
  readonly actor: string;
  readonly verb: string;
  /** `issue:…`, `scan:…`, `source:…`, `person:…`, `feed:…`. */
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}

interface StoredEvent extends AuditEvent {
  readonly id: string;
}

/** What a digest is made of: an event with its place in the chain. */
export interface ChainedEvent extends StoredEvent {
  readonly seq: bigint;
}

const pending = new WeakMap<Connection, StoredEvent[]>();

/** Puts an event into the audit trail when the transaction of this connection commits. */
export function recordEvent(connection: Connection, shard: bigint, event: AuditEvent): void {
  recordEvents(connection, shard, [event]);
}

/**
 * Several at once, in their order. The trail is a chain, one link after the other: links are made last of all in a
 * transaction, so that whoever records something early does not keep others waiting until the end of an import.
 */
export function recordEvents(connection: Connection, shard: bigint, events: readonly AuditEvent[]): void {
  if (events.length === 0) return;
  const stored = events.map((event) => ({ ...event, id: eventId(event.at, nextRest()) }));
  const waiting = pending.get(connection);
  if (waiting !== undefined) {
    waiting.push(...stored);
    return;
  }
  const all = [...stored];
  pending.set(connection, all);
  beforeCommit(connection, {
    work: () => appendEvents(connection, shard, all),
    done: () => pending.delete(connection),
  });
}

const ROWS_MAX = 5_000;

/** The head of the chain is locked until the commit that follows. Of issues each event waits for its delivery too. */
async function appendEvents(
  connection: Connection,
  shard: bigint,
  events: readonly StoredEvent[],
): Promise<void> {
  const head = await connection.query<{ length: bigint; digest: Buffer }>(
    `insert into event_chain (shard, length, digest) values ($1, 0, '')
     on conflict (shard) do update set length = event_chain.length returning length, digest`,
    [shard],
  );
  let { length, digest } = head.rows[0] ?? { length: 0n, digest: Buffer.alloc(0) };
  const rows = events.map((event) => {
    length += 1n;
    digest = eventDigest(digest, { ...event, seq: length });
    return { ...event, at: new Date(event.at), seq: String(length), digest: digest.toString('hex') };
  });
  for (let from = 0; from < rows.length; from += ROWS_MAX)
    await connection.query({
      name: 'append-events',
      text: `with given as (select * from jsonb_to_recordset($2) as row (id text, at timestamptz, actor text, verb text, subject text, details jsonb, seq bigint, digest text)),
         waiting as (insert into outbox (shard, id, at, actor, verb, subject, details)
           select $1, id, at, actor, verb, subject, details from given where subject like 'issue:%'),
         head as (update event_chain set length = $3, digest = $4 where shard = $1)
       insert into event (shard, id, at, actor, verb, subject, details, seq, digest)
       select $1, id, at, actor, verb, subject, details, seq, decode(digest, 'hex') from given`,
      values: [shard, JSON.stringify(rows.slice(from, from + ROWS_MAX)), length, digest],
    });
}

/** The digest of an event: over that of the one before it, its place and all that it says. */
export function eventDigest(before: Uint8Array, { seq, id, at, ...said }: ChainedEvent): Buffer {
  const { actor, verb, subject, details } = said;
  return createHash('sha256')
    .update(before)
    .update(stableJson([String(seq), id, at, actor, verb, subject, details]))
    .digest();
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
