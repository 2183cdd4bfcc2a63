import { FINDING_TYPES, type FindingType } from '#domain/finding/finding-type.ts';
import type { RuleEdits } from '#domain/inbox/effective-rules.ts';
import type { AdmissionStore, NewRule } from '#domain/ports/admission-store.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { AdvisoryRating, AdvisoryRatings } from '#domain/severity/advisory-rating.ts';
import type { ScoringSettings } from '#domain/severity/scoring-settings.ts';
import { refreshPaths } from './attackpath/refresh-paths.ts';
import { type Connection, inTransaction, lockOrganisation, type Pool } from './database.ts';
import { recordEvent } from './events.ts';
import type { Organisation } from './organisation.ts';
import { loadRatings, loadRuleEdits, loadScoring } from './organisation-settings.ts';
import { loadAliases } from './rekey/stored-aliases.ts';
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

  ratings(): Promise<AdvisoryRatings> {
    return loadRatings(this.#pool, this.#organisation);
  }

  async rate(
    advisory: string,
    { vector, severity, reason }: Omit<AdvisoryRating, 'by' | 'at'>,
    actor: string,
  ): Promise<string> {
    const name = (await loadAliases(this.#pool, this.#organisation)).advisory(advisory);
    const event = { verb: 'rate advisory', actor, details: { vector, severity, reason } };
    await this.#changeRating(name, event, (connection, at) =>
      connection.query(
        `insert into advisory_rating (organisation, advisory, vector, severity, reason, actor, at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (organisation, advisory) do update set vector = excluded.vector, severity = excluded.severity, reason = excluded.reason, actor = excluded.actor, at = excluded.at`,
        [this.#organisation.id, name, vector, severity, reason, actor, at],
      ),
    );
    return name;
  }

  async unrate(advisory: string, actor: string): Promise<boolean> {
    const aliases = await loadAliases(this.#pool, this.#organisation);
    const name = aliases.advisory(advisory);
    const { rows } = await this.#pool.query<{ advisory: string }>(
      'select advisory from advisory_rating where organisation = $1',
      [this.#organisation.id],
    );
    // One that was rated under another name is the same.
    const stored = rows.map((row) => row.advisory).filter((each) => aliases.advisory(each) === name);
    if (stored.length === 0) return false;
    await this.#changeRating(name, { verb: 'unrate advisory', actor, details: {} }, (connection) =>
      connection.query('delete from advisory_rating where organisation = $1 and advisory = any($2::text[])', [
        this.#organisation.id,
        stored,
      ]),
    );
    return true;
  }

  #changeRating(
    advisory: string,
    event: Omit<SettingEvent, 'subject'>,
    save: (connection: Connection, at: Date) => Promise<unknown>,
  ): Promise<void> {
    return this.#changeIssues({ ...event, subject: `advisory:${advisory}` }, save, async (connection) => {
      const issues = await connection.query<{ id: string }>(
        'select id from issue where shard = $1 and advisory = $2',
        [this.#organisation.shard, advisory],
      );
      return issues.rows.map((row) => row.id);
    });
  }

  /** Stores a change with its audit row, and assesses the open issues of these types anew. */
  #change(
    event: SettingEvent,
    types: readonly FindingType[],
    save: (connection: Connection, at: Date) => Promise<unknown>,
  ): Promise<void> {
    return this.#changeIssues(event, save, async (connection) => {
      const issues = await connection.query<{ id: string }>(
        `select id from issue where shard = $1 and type = any($2::text[]) and status <> 'resolved'`,
        [this.#organisation.shard, types],
      );
      return issues.rows.map((row) => row.id);
    });
  }

  async #changeIssues(
    event: SettingEvent,
    save: (connection: Connection, at: Date) => Promise<unknown>,
    issuesOf: (connection: Connection) => Promise<readonly string[]>,
  ): Promise<void> {
    const { id, shard } = this.#organisation;
    const now = this.#clock.now();
    await inTransaction(this.#pool, async (connection) => {
      await lockOrganisation(connection, id);
      await save(connection, new Date(now));
      recordEvent(connection, shard, { at: now, ...event });
      await rollUpIssues(connection, this.#organisation, now, await issuesOf(connection));
      await refreshPaths(connection, this.#organisation, now);
    });
  }
}

interface SettingEvent {
  readonly verb: string;
  readonly subject: string;
  readonly actor: string;
  readonly details: Readonly<Record<string, unknown>>;
}
