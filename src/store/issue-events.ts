import type { Instant } from '#base/instant.ts';
import type { IssueDecision, IssueEvent } from '#domain/ports/inbox-store.ts';
import type { Queryable } from './database.ts';

const EVENTS_MAX = 200;
const VERBS: readonly IssueDecision['kind'][] = ['mute', 'admit', 'assign', 'due'];

/** What people decided about an issue, and about those that went on as it; the newest first. */
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
    readonly details: IssueDecision;
  }>(
    `select at, actor, details from event where shard = $1 and subject = any($2::text[]) and verb = any($3::text[])
     order by id desc limit ${EVENTS_MAX}`,
    [shard, subjects, VERBS],
  );
  return events.rows.map(({ at, actor, details }) => ({ at, actor, decision: details }));
}
