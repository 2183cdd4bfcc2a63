import { type Instant, instantText } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { Queryable } from './database.ts';
import { type EventAnchor, isSigned } from './event-anchor.ts';
import { eventDigest } from './events.ts';
import type { Organisation } from './organisation.ts';

/** What became of the chain of the audit trail: where it breaks first, null: it is whole. */
export interface ChainVerdict {
  readonly checked: number;
  /** Those that are kept no longer, by anchors that this installation signed. */
  readonly forgotten: number;
  /** Those from before there was a chain. */
  readonly unchained: number;
  readonly broken: string | null;
}

interface EventRow {
  readonly seq: bigint;
  readonly id: string;
  readonly at: Instant;
  readonly actor: string;
  readonly verb: string;
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly digest: Buffer;
}

const BATCH = 5_000;

/**
 * Follows the chain from its first link to its last: each event says what it said when it was recorded, none is missing,
 * and none stands beside the chain but those from before it began.
 */
export async function verifyEvents(
  db: Queryable,
  { shard }: Organisation,
  key: Uint8Array,
): Promise<ChainVerdict> {
  // The head first: what is recorded meanwhile comes behind it.
  const head = await db.query<{ length: bigint; digest: Buffer }>(
    'select length, digest from event_chain where shard = $1',
    [shard],
  );
  const { length, digest: end } = head.rows[0] ?? { length: 0n, digest: Buffer.alloc(0) };
  const before = await db.query<{ count: bigint }>(
    'select count(*) from event where shard = $1 and seq is null',
    [shard],
  );
  const anchors = await db.query<EventAnchor & { readonly signature: Buffer }>(
    'select shard, from_seq, to_seq, digest_before, digest, at, signature from event_anchor where shard = $1 order by from_seq',
    [shard],
  );
  const runs = new Map(anchors.rows.map((anchor) => [anchor.from_seq, anchor]));
  let next = 1n;
  let digest: Buffer = Buffer.alloc(0);
  let checked = 0;
  let forgotten = 0;
  const verdict = (broken: string | null): ChainVerdict => ({
    checked,
    forgotten,
    unchained: Number(before.rows[0]?.count ?? 0n),
    broken,
  });
  const skipForgotten = (): string | null => {
    for (let run = runs.get(next); run !== undefined; run = runs.get(next)) {
      if (!run.digest_before.equals(digest) || !isSigned(run, key))
        return `The events ${run.from_seq} to ${run.to_seq} were deleted, and not by this installation's retention.`;
      forgotten += Number(run.to_seq - run.from_seq) + 1;
      digest = run.digest;
      next = run.to_seq + 1n;
    }
    return null;
  };
  for (;;) {
    const rows = await db.query<EventRow>(
      `select seq, id, at, actor, verb, subject, details, digest from event where shard = $1 and seq >= $2 and seq <= $3 order by seq limit ${BATCH}`,
      [shard, next, length],
    );
    for (const row of rows.rows) {
      const broken = skipForgotten();
      if (broken !== null) return verdict(broken);
      if (row.seq !== next) return verdict(`Event ${next} is missing; the next one is ${nameOf(row)}.`);
      if (!eventDigest(digest, row).equals(row.digest))
        return verdict(`Event ${row.seq} does not say what was recorded: ${nameOf(row)}.`);
      digest = row.digest;
      next += 1n;
      checked += 1;
    }
    if (rows.rows.length < BATCH) break;
  }
  const broken = skipForgotten();
  if (broken !== null) return verdict(broken);
  if (next <= length) return verdict(`The events from ${next} to ${length}, the newest, are missing.`);
  if (!digest.equals(end)) return verdict('The newest event is not the one that was recorded last.');
  // Ids sort by time: those from before the chain are smaller than any of it.
  const beside = await db.query<EventRow>(
    `select at, actor, verb, subject from event where shard = $1 and seq is null
       and id > (select min(id) from event where shard = $1 and seq is not null) order by id limit 1`,
    [shard],
  );
  const [put] = beside.rows;
  return verdict(
    put === undefined ? null : `An event stands beside the chain that was never recorded: ${nameOf(put)}.`,
  );
}

function nameOf({ at, actor, verb, subject }: Pick<EventRow, 'at' | 'actor' | 'verb' | 'subject'>): string {
  return oneLine(`"${verb}" of ${subject} by ${actor}, ${instantText(at)}`, 300);
}
