import type { Instant } from '#base/instant.ts';
import { isMuted } from '#domain/inbox/decisions.ts';
import type { IssueTurn } from '#domain/ports/inbox-store.ts';
import type { AlikeIssue } from './assess-alike.ts';
import type { Connection } from './database.ts';
import { endDecisions, NOBODY } from './decisions.ts';
import { recordEvents } from './events.ts';

/**
 * What time and facts turned of these issues, which were just assessed: snoozes that woke, mutes that ran out, due
 * dates that passed. Each is put down where it is told, in the transaction that finds it, so that of several
 * processes one tells it, once. A snooze that woke does not come back: somebody may have seen the issue meanwhile.
 */
export async function tellTurns(
  connection: Connection,
  shard: bigint,
  now: Instant,
  issues: readonly AlikeIssue[],
): Promise<void> {
  const told: (readonly [id: string, turn: IssueTurn])[] = [];
  const woken = issues.filter(({ assessed }) => assessed.wokenBy.length > 0);
  const idsOf = (some: readonly AlikeIssue[]) => some.map((issue) => issue.id);
  const awake = await endDecisions(
    connection,
    shard,
    idsOf(woken),
    { kind: 'snooze', flag: 'isSnoozed' },
    now,
  );
  for (const { id, assessed } of woken)
    if (awake.has(id)) told.push([id, { kind: 'wake', reasons: assessed.wokenBy }]);

  const unmuted = issues.filter(({ assessed }) =>
    assessed.members.some(({ decisions }) => decisions.mute !== null && !isMuted(decisions, now)),
  );
  const ended = await endDecisions(connection, shard, idsOf(unmuted), { kind: 'mute', flag: 'isMuted' }, now);
  for (const id of ended) told.push([id, { kind: 'mute-ended' }]);

  const due = issues.filter(({ assessed: { dueAt } }) => dueAt !== null && dueAt <= now);
  for (const row of await tellOverdue(connection, shard, idsOf(due)))
    told.push([row.id, { kind: 'overdue', due: row.due_at }]);

  recordEvents(
    connection,
    shard,
    told.map(([id, turn]) => ({
      at: now,
      actor: NOBODY,
      verb: turn.kind,
      subject: `issue:${id}`,
      details: { ...turn },
    })),
  );
}

/** Those of these issues, whose due date is past, of which it was not told; what nobody sees is not told. */
async function tellOverdue(
  connection: Connection,
  shard: bigint,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly due_at: Instant }[]> {
  if (ids.length === 0) return [];
  const result = await connection.query<{ id: string; due_at: Instant }>(
    `update issue set overdue_told = due_at where shard = $1 and id = any($2::text[]) and not is_muted and overdue_told is distinct from due_at
     returning id, due_at`,
    [shard, ids],
  );
  return result.rows;
}
