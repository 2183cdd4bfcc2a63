import type { Instant } from '#base/instant.ts';
import type { IssueEvent } from '#domain/ports/inbox-store.ts';
import type { Severity } from '#domain/severity/severity.ts';
import type { Queryable } from './database.ts';

const EVENTS_MAX = 200;
const VERBS: readonly IssueEvent['what']['kind'][] = [
  'mute',
  'admit',
  'assign',
  'team',
  'due',
  'progress',
  'snooze',
  'wake',
  'mute-ended',
  'inherit',
  'overdue',
  'undo',
  'comment',
  'comment-edited',
  'comment-deleted',
  'ask-acceptance',
  'accept',
  'decline',
  'delivery',
  'severity-by-feed',
];

type Details = IssueEvent['what'] & { readonly changes?: IssueEvent['changes'] };

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
    readonly details: Details;
    readonly said: string | null;
    readonly edited_at: Instant | null;
  }>(
    `select event.at, event.actor, event.details, comment.text as said, comment.edited_at
     from event left join comment on comment.shard = event.shard and event.verb = 'comment' and comment.id = event.details ->> 'comment'
     where event.shard = $1 and event.subject = any($2::text[]) and event.verb = any($3::text[])
     order by event.id desc limit ${EVENTS_MAX}`,
    [shard, subjects, VERBS],
  );
  const told = events.rows.map(({ at, actor, details, said, edited_at }): IssueEvent => {
    const what = details.kind === 'comment' ? { ...details, said, editedAt: edited_at } : details;
    return { at, actor, what, changes: details.changes ?? [] };
  });
  const turns = [...(await loadTurns(db, shard, id)), ...(await loadReasons(db, shard, id))];
  return [...told, ...turns].sort((a, b) => b.at - a.at).slice(0, EVENTS_MAX);
}

const REASONS = ['rate advisory', 'unrate advisory', 'add rule', 'change rule'];

/** What people said of its advisory and of the rules that act on it now: they move it, and are no decision about it alone. */
async function loadReasons(db: Queryable, shard: bigint, id: string): Promise<readonly IssueEvent[]> {
  const events = await db.query<{
    readonly at: Instant;
    readonly actor: string;
    readonly verb: string;
    readonly subject: string;
    readonly details: { readonly severity?: Severity | null; readonly reason?: string };
  }>(
    `select at, actor, verb, subject, details from event
     where shard = $1 and verb = any($3::text[]) and subject = any(array(
       select 'advisory:' || advisory from issue where shard = $1 and id = $2 and advisory is not null
       union all select 'rule:' || rule_id from rule_match where shard = $1 and issue_id = $2 and taken_by = ''))
     order by event.id desc limit ${EVENTS_MAX}`,
    [shard, id, REASONS],
  );
  return events.rows.map(({ at, actor, verb, subject, details }): IssueEvent => {
    const { severity = null, reason = '' } = details;
    const what: IssueEvent['what'] =
      verb === 'rate advisory'
        ? { kind: 'rate', severity, reason }
        : verb === 'unrate advisory'
          ? { kind: 'unrate' }
          : { kind: 'rule', rule: subject.slice('rule:'.length), isNew: verb === 'add rule' };
    return { at, actor, what, changes: [] };
  });
}

/** When findings of the issue were seen first, closed and were back, as far as each tells it of its last time. */
async function loadTurns(db: Queryable, shard: bigint, id: string): Promise<readonly IssueEvent[]> {
  const turns = await db.query<{
    readonly kind: 'found' | 'closed' | 'back';
    readonly at: Instant;
    readonly why: string | null;
    readonly findings: number;
    readonly resource: string;
  }>(
    `select kind, at, why, count(*)::integer as findings, min(resource_name) as resource
     from (select 'found' as kind, first_seen as at, null::text as why, resource_name from finding where shard = $1 and issue_id = $2
       union all select 'closed', closed_at, closed_why, resource_name from finding where shard = $1 and issue_id = $2 and closed_at is not null
       union all select 'back', reopened_at, null, resource_name from finding where shard = $1 and issue_id = $2 and reopened_at is not null) as turn
     group by kind, at, why order by at desc limit ${EVENTS_MAX}`,
    [shard, id],
  );
  return turns.rows.map(({ at, ...what }) => ({ at, actor: 'reports', what, changes: [] }));
}
