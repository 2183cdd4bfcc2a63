import { randomBytes } from 'node:crypto';
import { base32Hex } from '#base/digest.ts';
import type { Instant } from '#base/instant.ts';
import type { AcceptanceRequest, AcceptanceRules, AcceptanceStore } from '#domain/ports/acceptance-store.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { DecidedIssue, IssueRow } from '#domain/ports/inbox-store.ts';
import { inTransaction, type Pool } from './database.ts';
import { recordEvent } from './events.ts';
import { IssueActions } from './issue-actions.ts';
import { ISSUE_COLUMNS, type IssueRecord, issueRow } from './issue-rows.ts';
import type { Organisation } from './organisation.ts';
import { currentIssueId } from './rekey/issue-redirects.ts';

/** Of an issue that is gone, as an import that showed it was taken back, nothing waits until it is back. */
const PENDING = `select acceptance.id, acceptance.issue_id, issue.title, reason, until_at, asked_by, asked_at
  from acceptance join issue on issue.shard = acceptance.shard and issue.id = acceptance.issue_id
  where acceptance.shard = $1 and decided_at is null and until_at > $2`;

interface PendingRow {
  readonly id: string;
  readonly issue_id: string;
  readonly title: string;
  readonly reason: string;
  readonly until_at: Instant;
  readonly asked_by: string;
  readonly asked_at: Instant;
}

/** Risks that people accept, in PostgreSQL. */
export class PostgresAcceptanceStore implements AcceptanceStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async rules(): Promise<AcceptanceRules> {
    const result = await this.#pool.query<{ days: number; approval: boolean }>(
      'select acceptance_days_max as days, acceptance_needs_approval as approval from organisation where id = $1',
      [this.#organisation.id],
    );
    const [row] = result.rows;
    if (row === undefined) throw new Error(`organisation ${this.#organisation.id} has no row`);
    return { daysMax: row.days, needsApproval: row.approval };
  }

  async setRules(rules: AcceptanceRules, actor: string): Promise<void> {
    const { id, shard } = this.#organisation;
    await inTransaction(this.#pool, async (connection) => {
      await connection.query(
        'update organisation set acceptance_days_max = $2, acceptance_needs_approval = $3 where id = $1',
        [id, rules.daysMax, rules.needsApproval],
      );
      recordEvent(connection, shard, {
        at: this.#clock.now(),
        actor,
        verb: 'set acceptance rules',
        subject: 'organisation',
        details: { ...rules },
      });
    });
  }

  async ask(
    asked: string,
    { reason, until }: { readonly reason: string; readonly until: Instant },
    actor: string,
  ): Promise<IssueRow | null> {
    const { shard } = this.#organisation;
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      const issueId = await currentIssueId(connection, shard, asked);
      const known = await connection.query<IssueRecord>(
        `select ${ISSUE_COLUMNS} from issue where shard = $1 and id = $2`,
        [shard, issueId],
      );
      if (known.rows[0] === undefined) return null;
      await connection.query(
        'delete from acceptance where shard = $1 and issue_id = $2 and decided_at is null',
        [shard, issueId],
      );
      await connection.query(
        'insert into acceptance (shard, id, issue_id, reason, until_at, asked_by, asked_at) values ($1, $2, $3, $4, $5, $6, $7)',
        [shard, base32Hex(randomBytes(10)), issueId, reason, new Date(until), actor, new Date(now)],
      );
      recordEvent(connection, shard, {
        at: now,
        actor,
        verb: 'ask-acceptance',
        subject: `issue:${issueId}`,
        details: { kind: 'ask-acceptance', reason, until },
      });
      return issueRow(known.rows[0]);
    });
  }

  async pending(): Promise<readonly AcceptanceRequest[]> {
    const result = await this.#pool.query<PendingRow>(`${PENDING} order by asked_at, acceptance.id`, [
      this.#organisation.shard,
      new Date(this.#clock.now()),
    ]);
    return result.rows.map(requestOf);
  }

  async find(id: string): Promise<AcceptanceRequest | null> {
    const result = await this.#pool.query<PendingRow>(`${PENDING} and acceptance.id = $3`, [
      this.#organisation.shard,
      new Date(this.#clock.now()),
      id,
    ]);
    return result.rows[0] === undefined ? null : requestOf(result.rows[0]);
  }

  async decide(id: string, isApproved: boolean, actor: string): Promise<DecidedIssue | null> {
    const { shard } = this.#organisation;
    const now = this.#clock.now();
    const request = await this.find(id);
    if (request === null) return null;
    const { issueId, reason, until, askedBy } = request;
    const actions = new IssueActions(this.#pool, this.#organisation, this.#clock);
    // Muted first: an approval that breaks off in between waits still, and is given once more.
    const decided = isApproved
      ? await actions.decide(issueId, { ...ACCEPTED, reason, until }, askedBy)
      : await actions.undecided(issueId);
    const isDone = await inTransaction(this.#pool, async (connection) => {
      const taken = await connection.query(
        'update acceptance set decided_by = $3, decided_at = $4, is_approved = $5 where shard = $1 and id = $2 and decided_at is null',
        [shard, id, actor, new Date(now), isApproved],
      );
      if (taken.rowCount === 0) return false;
      const verb = isApproved ? 'accept' : 'decline';
      recordEvent(connection, shard, {
        at: now,
        actor,
        verb,
        subject: `issue:${issueId}`,
        details: { kind: verb, askedBy, until },
      });
      return true;
    });
    if (isDone) return decided;
    // Somebody else decided it meanwhile, and that counts.
    if (decided !== null && decided.action !== null) await actions.undo(decided.action, actor);
    return null;
  }
}

const ACCEPTED = { kind: 'mute', isMuted: true, because: 'risk_accepted' } as const;

function requestOf(row: PendingRow): AcceptanceRequest {
  return {
    id: row.id,
    issueId: row.issue_id,
    title: row.title,
    reason: row.reason,
    until: row.until_at,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
  };
}
