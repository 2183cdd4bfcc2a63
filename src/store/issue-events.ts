import type { Instant } from '#base/instant.ts';
import type { IssueEvent } from '#domain/ports/inbox-store.ts';
import type { Queryable } from './database.ts';

const EVENTS_MAX = 200;
const VERBS: readonly IssueEvent['what']['kind'][] = [
  'mute',
  'admit',
  'assign',
  'due',
  'progress',
  'snooze',
  'wake',
  'mute-ended',
  'overdue',
];

/** What happened to an issue, and to those that went on as it; the newest first. */
export async function loadIssueEvents(
  db: Queryable,
  shard: bigint,
  id: string,
): Promise<readonly IssueEvent[]> {
  const before = await db.query<{ id: string }>(
    'select id from issue_redirect where shard = $1 and target = $2',
    [shard, id],
  );
  const subjects = [id, ...before.rows.map((row) => row.id)].map((each) => `issue:${each}`);
  const events = await db.query<{
    readonly at: Instant;
    readonly actor: string;
    readonly details: IssueEvent['what'];
  }>(
    `select at, actor, details from event where shard = $1 and subject = any($2::text[]) and verb = any($3::text[])
     order by id desc limit ${EVENTS_MAX}`,
    [shard, subjects, VERBS],
  );
  return events.rows.map(({ at, actor, details }) => ({ at, actor, what: details }));
}
