import { FINDING_TYPES, type FindingType } from '#domain/finding/finding-type.ts';
import type { RuleEdits } from '#domain/inbox/effective-rules.ts';
import type { AdmissionStore, NewRule } from '#domain/ports/admission-store.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { ScoringSettings } from '#domain/severity/scoring-settings.ts';
import { type Connection, inTransaction, LOCK, type Pool } from './database.ts';
import { recordEvent } from './events.ts';
import type { Organisation } from './organisation.ts';
import { loadRuleEdits, loadScoring } from './organisation-settings.ts';
import { rollUpIssues } from './roll-up.ts';

/** What organisations say about admission and scoring, in PostgreSQL. */
export class PostgresAdmissionStore implements AdmissionStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  edits(): Promise<RuleEdits> {
    return loadRuleEdits(this.#pool, this.#organisation);
  }

  async switchRule(
    id: string,
    isEnabled: boolean,
    types: readonly FindingType[],
    actor: string,
  ): Promise<void> {
    const verb = isEnabled ? 'enable rule' : 'disable rule';
    await this.#change({ verb, subject: `rule:${id}`, actor, details: {} }, types, (connection, at) =>
      connection.query(
        `insert into admission_rule (organisation, id, is_enabled, actor, at) values ($1, $2, $3, $4, $5)
         on conflict (organisation, id) do update set is_enabled = excluded.is_enabled, actor = excluded.actor, at = excluded.at`,
        [this.#organisation.id, id, isEnabled, actor, at],
      ),
    );
  }

  async addRule(rule: NewRule, actor: string): Promise<void> {
    const { id, title, sentence, types, when, clonedFrom } = rule;
    await this.#change(
      { verb: 'clone rule', subject: `rule:${id}`, actor, details: { title, clonedFrom, types, when } },
      types,
      (connection, at) =>
        connection.query(
          `insert into admission_rule (organisation, id, is_enabled, cloned_from, title, sentence, types, conditions, actor, at)
           values ($1, $2, true, $3, $4, $5, $6, $7, $8, $9)`,
          [this.#organisation.id, id, clonedFrom, title, sentence, types, JSON.stringify(when), actor, at],
        ),
    );
  }

  async removeRule(id: string, types: readonly FindingType[], actor: string): Promise<void> {
    await this.#change(
      { verb: 'remove rule', subject: `rule:${id}`, actor, details: {} },
      types,
      (connection) =>
        connection.query('delete from admission_rule where organisation = $1 and id = $2', [
          this.#organisation.id,
          id,
        ]),
    );
  }

  scoring(): Promise<ScoringSettings> {
    return loadScoring(this.#pool, this.#organisation);
  }

  async setScoring(settings: ScoringSettings, actor: string): Promise<void> {
    await this.#change(
      { verb: 'choose scoring', subject: 'organisation', actor, details: { ...settings } },
      FINDING_TYPES,
      (connection) =>
        connection.query(
          'update organisation set severity_basis = $2, epss_rule = $3, privileged_access = $4 where id = $1',
          [this.#organisation.id, settings.severityBasis, settings.epssRule, settings.privilegedAccess],
        ),
    );
  }

  /** Stores a change with its audit row, and assesses the open issues of these types anew. */
  async #change(
    event: {
      readonly verb: string;
      readonly subject: string;
      readonly actor: string;
      readonly details: Readonly<Record<string, unknown>>;
    },
    types: readonly FindingType[],
    save: (connection: Connection, at: Date) => Promise<unknown>,
  ): Promise<void> {
    const { id, shard } = this.#organisation;
    const now = this.#clock.now();
    await inTransaction(this.#pool, async (connection) => {
      await connection.query('select pg_advisory_xact_lock($1, $2)', [LOCK.organisation, Number(id)]);
      await save(connection, new Date(now));
      await recordEvent(connection, shard, { at: now, ...event });
      const issues = await connection.query<{ id: string }>(
        `select id from issue where shard = $1 and type = any($2::text[]) and status <> 'resolved'`,
        [shard, types],
      );
      await rollUpIssues(
        connection,
        this.#organisation,
        now,
        issues.rows.map((row) => row.id),
      );
    });
  }
}
