import { HOUR_MS, type Instant } from '#base/instant.ts';
import { ATTEMPT_LEASE_MS, nextAttempt } from '#domain/delivery/next-attempt.ts';
import type { FollowedTicket, FollowOutcome, TicketStand } from '#domain/ports/delivery-store.ts';
import { loadAutomationRules } from './automation-rules.ts';
import type { Connection, Queryable } from './database.ts';
import { NOBODY } from './decisions.ts';
import { recordEvent } from './events.ts';
import type { Organisation } from './organisation.ts';

/** So long nobody asks again how a ticket stands outside. */
const LOOK_EVERY_MS = HOUR_MS;

interface FollowedRow {
  readonly id: string;
  readonly issue_id: string;
  readonly origin: string;
  readonly receiver: string;
  readonly key: string;
  readonly told: TicketStand;
  readonly tellings: number;
  readonly is_closed: boolean;
  readonly follow_attempts: number;
  readonly stands: TicketStand;
}

/** An issue that is gone, as an import that showed it was taken back, is nothing to mend any more. */
const STANDS = `case when issue.id is null or issue.status = 'resolved' then 'resolved' when issue.is_muted then 'muted' else 'open' end`;

/** Takes the next ticket whose issue stands otherwise than it was told, or that was not looked at for a while; the caller holds the lock of deliveries. */
export async function takeFollowed(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
): Promise<FollowedTicket | null> {
  const { shard } = organisation;
  const due = await connection.query<FollowedRow>(
    `with due as (select delivery.id, ${STANDS} as stands
         from delivery left join issue on issue.shard = delivery.shard and issue.id = delivery.issue_id
         where delivery.shard = $1 and delivery.kind = 'ticket' and delivery.state = 'made' and delivery.key is not null
           and (delivery.told <> ${STANDS} and (delivery.follow_attempts = 0 or delivery.follow_at <= $2)
             or issue.status <> 'resolved' and coalesce(delivery.follow_at, delivery.made_at + interval '1 hour') <= $2)
         order by delivery.told = ${STANDS}, delivery.id limit 1)
     update delivery set follow_attempts = follow_attempts + 1, follow_at = $3 from due
     where delivery.shard = $1 and delivery.id = due.id
     returning delivery.id, issue_id, origin, receiver, key, told, tellings, is_closed, follow_attempts, due.stands`,
    [shard, new Date(now), new Date(now + ATTEMPT_LEASE_MS)],
  );
  const [row] = due.rows;
  if (row === undefined) return null;
  return {
    id: row.id,
    issueId: row.issue_id,
    receiver: row.receiver,
    key: row.key,
    told: row.told,
    stands: row.stands,
    mark: `${row.id}-${row.tellings + 1}`,
    isClosed: row.is_closed,
    isRepeated: row.follow_attempts > 1,
    closes: await mayClose(connection, organisation, row.origin),
  };
}

/** A rule may say that its tickets stay open. */
async function mayClose(db: Queryable, organisation: Organisation, origin: string): Promise<boolean> {
  if (!origin.startsWith('rule:')) return true;
  const rules = await loadAutomationRules(db, organisation);
  const action = rules.find(({ id }) => origin === `rule:${id}`)?.action;
  return action?.type !== 'ticket' || action.keepsOpen !== true;
}

/** Keeps what became of it. What people did to the ticket outside is told on the issue. */
export async function keepFollowed(
  connection: Connection,
  { shard }: Organisation,
  now: Instant,
  ticket: FollowedTicket,
  outcome: FollowOutcome,
): Promise<void> {
  const record = (what: string, more: Readonly<Record<string, unknown>> = {}) =>
    recordEvent(connection, shard, {
      at: now,
      actor: NOBODY,
      verb: 'delivery',
      subject: `issue:${ticket.issueId}`,
      details: {
        kind: 'delivery',
        of: 'ticket',
        what,
        delivery: ticket.id,
        receiver: ticket.receiver,
        rule: null,
        key: ticket.key,
        ...more,
      },
    });
  if (outcome.is === 'failed') {
    const attempts = await attemptsOf(connection, shard, ticket.id);
    const next = nextAttempt(attempts, now, outcome.leaveAloneMs);
    // Who cannot be told is told of the next change.
    await connection.query(
      `update delivery set follow_at = $3, follow_attempts = case when $4 then 0 else follow_attempts end, told = case when $4 then $5 else told end
       where shard = $1 and id = $2`,
      [shard, ticket.id, new Date(next ?? now + LOOK_EVERY_MS), next === null, ticket.stands],
    );
    if (next === null && ticket.told !== ticket.stands)
      record('untold', { stands: ticket.stands, sentence: outcome.sentence });
    return;
  }
  await connection.query(
    `update delivery set told = $3, tellings = tellings + $4, is_closed = $5, follow_attempts = 0, follow_at = $6 where shard = $1 and id = $2`,
    [
      shard,
      ticket.id,
      ticket.stands,
      ticket.told === ticket.stands ? 0 : 1,
      outcome.isClosed,
      new Date(now + LOOK_EVERY_MS),
    ],
  );
  if (outcome.wasClosed !== ticket.isClosed) record(outcome.wasClosed ? 'closed' : 'reopened');
  if (ticket.told !== ticket.stands) record('told', { stands: ticket.stands, isClosed: outcome.isClosed });
}

async function attemptsOf(db: Queryable, shard: bigint, id: string): Promise<number> {
  const known = await db.query<{ follow_attempts: number }>(
    'select follow_attempts from delivery where shard = $1 and id = $2',
    [shard, id],
  );
  return known.rows[0]?.follow_attempts ?? 0;
}
