import { randomBytes } from 'node:crypto';
import { compareBytes } from '#base/compare.ts';
import { base32Hex } from '#base/digest.ts';
import { type Instant, instantText } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import type { Delivery, DeliveryKind, DeliveryState, DueDelivery } from '#domain/delivery/delivery.ts';
import { ATTEMPT_LEASE_MS, ATTEMPTS_MAX, nextAttempt } from '#domain/delivery/next-attempt.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type {
  DeliveryOutcome,
  DeliveryStore,
  FollowedTicket,
  FollowOutcome,
  WantedDelivery,
} from '#domain/ports/delivery-store.ts';
import type { IssueDelivery } from '#domain/ports/inbox-store.ts';
import { type Connection, inTransaction, LOCK, type Pool } from './database.ts';
import { NOBODY } from './decisions.ts';
import { type DueRow, judgeDelivery, type Verdict } from './due-deliveries.ts';
import { recordEvent } from './events.ts';
import { keepFollowed, takeFollowed } from './followed-tickets.ts';
import type { Organisation } from './organisation.ts';
import { currentIssueId } from './rekey/issue-redirects.ts';
import { routeEvents } from './route-events.ts';

const EVENTS_PER_PART = 500;
const OF_ISSUE_MAX = 100;

const DELIVERY_COLUMNS =
  'delivery.id, kind, issue_id, origin, receiver, state, body, wanted_at, wanted_by, next_at, attempts, counted_on::text, delivery.key, url, sentence';

interface DeliveryRow {
  readonly id: string;
  readonly kind: DeliveryKind;
  readonly issue_id: string;
  readonly origin: string;
  readonly receiver: string;
  readonly state: DeliveryState;
  readonly body: JsonObject;
  readonly wanted_at: Instant;
  readonly wanted_by: string;
  readonly next_at: Instant | null;
  readonly attempts: number;
  readonly counted_on: string | null;
  readonly key: string | null;
  readonly url: string | null;
  readonly sentence: string | null;
}

/** What is to be delivered, in PostgreSQL. Who takes something holds a lock for a moment; what is taken is his for a while. */
export class PostgresDeliveryStore implements DeliveryStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  want(
    { kind, issueId, receiver, body }: WantedDelivery,
    actor: string,
  ): Promise<{ readonly delivery: Delivery; readonly isNew: boolean } | null> {
    const { shard } = this.#organisation;
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      const id = base32Hex(randomBytes(10));
      const issue = await currentIssueId(connection, shard, issueId);
      const known = await connection.query('select from issue where shard = $1 and id = $2', [shard, issue]);
      if (known.rowCount === 0) return null;
      const origin = kind === 'ticket' ? `person:${receiver}` : `run:${id}`;
      const wanted = await connection.query<DeliveryRow>(
        `insert into delivery (shard, id, kind, issue_id, origin, receiver, state, body, wanted_at, wanted_by, next_at, attempts)
         values ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8, $9, $8, 0)
         on conflict (shard, issue_id, origin) do update set state = 'waiting', attempts = 0, next_at = excluded.next_at, sentence = null
           where delivery.state in ('failed', 'withdrawn')
         returning ${DELIVERY_COLUMNS}`,
        [shard, id, kind, issue, origin, receiver, JSON.stringify(body), new Date(now), actor],
      );
      const [row] = wanted.rows;
      if (row === undefined) {
        const there = await connection.query<DeliveryRow>(
          `select ${DELIVERY_COLUMNS} from delivery where shard = $1 and issue_id = $2 and origin = $3`,
          [shard, issue, origin],
        );
        return { delivery: deliveryOf(there.rows[0] as DeliveryRow), isNew: false };
      }
      this.#record(connection, row, now, actor, { what: 'wanted', ...(kind === 'workflow' && { body }) });
      return { delivery: deliveryOf(row), isNew: true };
    });
  }

  withdraw(ids: readonly string[], actor: string): Promise<number> {
    const { shard } = this.#organisation;
    return inTransaction(this.#pool, async (connection) => {
      const withdrawn = await connection.query<DeliveryRow>(
        `update delivery set state = 'withdrawn', next_at = null, sentence = null where shard = $1 and id = any($2) and state in ('waiting', 'failed') and kind <> 'event'
         returning ${DELIVERY_COLUMNS}`,
        [shard, ids],
      );
      for (const row of withdrawn.rows)
        this.#record(connection, row, this.#clock.now(), actor, { what: 'withdrawn' });
      return withdrawn.rows.length;
    });
  }

  async ofIssue(asked: string): Promise<readonly Delivery[] | null> {
    const { shard } = this.#organisation;
    const id = await currentIssueId(this.#pool, shard, asked);
    const known = await this.#pool.query('select from issue where shard = $1 and id = $2', [shard, id]);
    if (known.rowCount === 0) return null;
    const result = await this.#pool.query<DeliveryRow>(
      `select ${DELIVERY_COLUMNS} from delivery where shard = $1 and issue_id = $2 and kind <> 'event' and state <> 'passed_over'
       order by wanted_at desc, delivery.id desc limit ${OF_ISSUE_MAX}`,
      [shard, id],
    );
    return result.rows.map(deliveryOf);
  }

  routeEvents(): Promise<number> {
    const { shard } = this.#organisation;
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      await this.#lock(connection);
      const taken = await connection.query<{
        id: string;
        at: Instant;
        actor: string;
        verb: string;
        subject: string;
        details: JsonObject;
      }>(
        `delete from outbox where shard = $1 and id in (select id from outbox where shard = $1 order by id limit ${EVENTS_PER_PART})
         returning id, at, actor, verb, subject, details`,
        [shard],
      );
      if (taken.rows.length === 0) return 0;
      const inOrder = taken.rows.toSorted((a, b) => compareBytes(a.id, b.id));
      const happened = inOrder.map(({ id: event, ...said }) => ({
        event,
        issue_id: said.subject.slice('issue:'.length),
        body: { id: event, ...said, at: instantText(said.at) },
      }));
      await routeEvents(connection, this.#organisation, now, happened);
      return happened.length;
    });
  }

  takeDue(): Promise<DueDelivery | null> {
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      await this.#lock(connection);
      for (;;) {
        const due = await connection.query<DeliveryRow & DueRow>(
          `select ${DELIVERY_COLUMNS}, issue.status as issue_status, coalesce(issue.is_muted, false) as is_muted
           from delivery left join issue on issue.shard = delivery.shard and issue.id = delivery.issue_id
           where delivery.shard = $1 and state = 'waiting' and next_at <= $2
           order by kind = 'event', issue.rank desc nulls last, delivery.id limit 1`,
          [this.#organisation.shard, new Date(now)],
        );
        const [row] = due.rows;
        if (row === undefined) return null;
        const verdict = await judgeDelivery(connection, this.#organisation, row, now);
        if (verdict.is === 'take') return this.#take(connection, row, verdict.receiver, now);
        await this.#putAside(connection, row, verdict);
      }
    });
  }

  finish(id: string, outcome: DeliveryOutcome): Promise<void> {
    const now = this.#clock.now();
    return inTransaction(this.#pool, (connection) =>
      outcome.is === 'made'
        ? this.#made(connection, id, outcome, now)
        : this.#failed(connection, id, outcome, now),
    );
  }

  takeFollowed(): Promise<FollowedTicket | null> {
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      await this.#lock(connection);
      return takeFollowed(connection, this.#organisation, now);
    });
  }

  keepFollowed(ticket: FollowedTicket, outcome: FollowOutcome): Promise<void> {
    const now = this.#clock.now();
    return inTransaction(this.#pool, (connection) =>
      keepFollowed(connection, this.#organisation, now, ticket, outcome),
    );
  }

  async #lock(connection: Connection): Promise<void> {
    await connection.query('select pg_advisory_xact_lock($1, $2)', [
      LOCK.deliver,
      Number(this.#organisation.id),
    ]);
  }

  async #take(
    connection: Connection,
    row: DeliveryRow,
    receiver: string,
    now: Instant,
  ): Promise<DueDelivery> {
    const taken = await connection.query<DeliveryRow>(
      `update delivery set attempts = attempts + 1, next_at = $3, counted_on = $4, receiver = $5 where shard = $1 and id = $2 returning ${DELIVERY_COLUMNS}`,
      [this.#organisation.shard, row.id, new Date(now + ATTEMPT_LEASE_MS), dayOf(now), receiver],
    );
    const [mine] = taken.rows;
    if (mine === undefined) throw new Error(`the delivery ${row.id} was there and is gone`);
    return { ...deliveryOf(mine), body: mine.body };
  }

  async #putAside(
    connection: Connection,
    row: DeliveryRow,
    verdict: Exclude<Verdict, { readonly is: 'take' }>,
  ): Promise<void> {
    const { shard } = this.#organisation;
    switch (verdict.is) {
      case 'drop':
        await connection.query('delete from delivery where shard = $1 and id = $2', [shard, row.id]);
        return;
      case 'withdraw':
        await connection.query(
          `update delivery set state = 'withdrawn', next_at = null, sentence = $3 where shard = $1 and id = $2`,
          [shard, row.id, verdict.sentence],
        );
        return;
      case 'wait':
        // Whatever waits for the same waits with it.
        await connection.query(
          `update delivery set next_at = $3, sentence = $4 where shard = $1 and state = 'waiting' and ${verdict.for} = $2 and next_at < $3`,
          [shard, row[verdict.for], new Date(verdict.until), verdict.sentence],
        );
    }
  }

  async #made(
    connection: Connection,
    id: string,
    { key, url }: Extract<DeliveryOutcome, { readonly is: 'made' }>,
    now: Instant,
  ): Promise<void> {
    const { shard } = this.#organisation;
    const made = await connection.query<DeliveryRow>(
      `update delivery set state = 'made', made_at = $3, next_at = null, key = $4, url = $5, sentence = null
       where shard = $1 and id = $2 and state in ('waiting', 'withdrawn') returning ${DELIVERY_COLUMNS}`,
      [shard, id, new Date(now), key, url],
    );
    const [row] = made.rows;
    if (row === undefined) return;
    if (row.kind === 'event')
      await connection.query('delete from delivery where shard = $1 and id = $2', [shard, id]);
    else this.#record(connection, row, now, NOBODY, { what: 'made', key, url });
  }

  async #failed(
    connection: Connection,
    id: string,
    { sentence, leaveAloneMs }: Extract<DeliveryOutcome, { readonly is: 'failed' }>,
    now: Instant,
  ): Promise<void> {
    const { shard } = this.#organisation;
    const known = await connection.query<DeliveryRow>(
      `select ${DELIVERY_COLUMNS} from delivery where shard = $1 and id = $2 and state = 'waiting'`,
      [shard, id],
    );
    const [row] = known.rows;
    if (row === undefined) return;
    const next = nextAttempt(row.attempts, now, leaveAloneMs);
    await connection.query(
      `update delivery set state = $3, next_at = $4, sentence = $5 where shard = $1 and id = $2`,
      [shard, id, next === null ? 'failed' : 'waiting', next === null ? null : new Date(next), sentence],
    );
    if (next === null && row.kind !== 'event')
      this.#record(connection, row, now, NOBODY, { what: 'failed', sentence, attempts: ATTEMPTS_MAX });
  }

  #record(
    connection: Connection,
    { id, kind, issue_id, origin, receiver }: DeliveryRow,
    at: Instant,
    actor: string,
    details: Omit<Partial<IssueDelivery>, 'kind'> & { readonly [name: string]: unknown },
  ): void {
    recordEvent(connection, this.#organisation.shard, {
      at,
      actor,
      verb: 'delivery',
      subject: `issue:${issue_id}`,
      details: { kind: 'delivery', of: kind, delivery: id, receiver, rule: ruleOf(origin), ...details },
    });
  }
}

function ruleOf(origin: string): string | null {
  return origin.startsWith('rule:') ? origin.slice('rule:'.length) : null;
}

function deliveryOf(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    kind: row.kind,
    issueId: row.issue_id,
    receiver: row.receiver,
    rule: ruleOf(row.origin),
    state: row.state,
    wantedBy: row.wanted_by,
    wantedAt: row.wanted_at,
    nextAt: row.next_at,
    attempts: row.attempts,
    key: row.key,
    url: row.url,
    sentence: row.sentence,
  };
}

/** The day in UTC: `2026-12-08`. */
function dayOf(at: Instant): string {
  return instantText(at).slice(0, 10);
}
