import type { Instant } from '#base/instant.ts';
import type { Connection } from './database.ts';
import { type EventAnchor, signAnchor } from './event-anchor.ts';
import { firstEventId } from './events.ts';
import type { Organisation } from './organisation.ts';

/** What is kept as long as the issue that it is about is not resolved: comments, and risks that somebody accepted. */
const KEPT = `(verb in ('comment', 'comment-edited', 'comment-deleted', 'ask-acceptance', 'accept', 'decline')
  or (verb = 'mute' and details ->> 'because' = 'risk_accepted'))
  and exists (select from issue where issue.shard = event.shard and 'issue:' || issue.id = event.subject and issue.status <> 'resolved')`;

interface EventRow {
  readonly id: string;
  readonly seq: bigint | null;
  readonly digest: Buffer | null;
}

/**
 * Deletes events that are older, at most so many, and leaves an anchor for each run of them, so that the chain of those
 * that stay can be followed. Answers how many went.
 */
export async function forgetEvents(
  connection: Connection,
  { shard }: Organisation,
  now: Instant,
  before: Instant,
  limit: number,
  key: Uint8Array,
): Promise<number> {
  const gone = await connection.query<EventRow>(
    `delete from event where shard = $1 and id in (select id from event where shard = $1 and id < $2 and not (${KEPT}) order by id limit ${limit})
     returning id, seq, digest`,
    [shard, firstEventId(before)],
  );
  const chained = gone.rows
    .flatMap(({ seq, digest }) => (seq === null || digest === null ? [] : [{ seq, digest }]))
    .sort((a, b) => (a.seq < b.seq ? -1 : 1));
  const runs: { from: bigint; to: bigint; digest: Buffer }[] = [];
  for (const { seq, digest } of chained) {
    const last = runs.at(-1);
    if (last !== undefined && last.to + 1n === seq) Object.assign(last, { to: seq, digest });
    else runs.push({ from: seq, to: seq, digest });
  }
  for (const run of runs) await leaveAnchor(connection, shard, now, run, key);
  return gone.rowCount ?? 0;
}

/** Anchors that touch are one. */
async function leaveAnchor(
  connection: Connection,
  shard: bigint,
  at: Instant,
  run: { readonly from: bigint; readonly to: bigint; readonly digest: Buffer },
  key: Uint8Array,
): Promise<void> {
  const touching = await connection.query<EventAnchor>(
    `delete from event_anchor where shard = $1 and (to_seq = $2 or from_seq = $3)
     returning shard, from_seq, to_seq, digest_before, digest, at`,
    [shard, run.from - 1n, run.to + 1n],
  );
  const left = touching.rows.find((anchor) => anchor.to_seq === run.from - 1n);
  const right = touching.rows.find((anchor) => anchor.from_seq === run.to + 1n);
  const anchor: EventAnchor = {
    shard,
    from_seq: left?.from_seq ?? run.from,
    to_seq: right?.to_seq ?? run.to,
    digest_before: left?.digest_before ?? (await digestOf(connection, shard, run.from - 1n)),
    digest: right?.digest ?? run.digest,
    at,
  };
  await connection.query(
    'insert into event_anchor (shard, from_seq, to_seq, digest_before, digest, at, signature) values ($1, $2, $3, $4, $5, $6, $7)',
    [
      shard,
      anchor.from_seq,
      anchor.to_seq,
      anchor.digest_before,
      anchor.digest,
      new Date(at),
      signAnchor(anchor, key),
    ],
  );
}

/** Nothing stands before the first. */
async function digestOf(connection: Connection, shard: bigint, seq: bigint): Promise<Buffer> {
  const row = await connection.query<{ digest: Buffer }>(
    'select digest from event where shard = $1 and seq = $2',
    [shard, seq],
  );
  return row.rows[0]?.digest ?? Buffer.alloc(0);
}
