import type { ControlEdit } from '#domain/control/effective-controls.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { ControlChange, ControlStore } from '#domain/ports/control-store.ts';
import { loadControlEdits } from './control-edits.ts';
import { inTransaction, lockOrganisation, type Pool, type Queryable } from './database.ts';
import { recordEvent } from './events.ts';
import type { Organisation } from './organisation.ts';
import { rollUpIssues } from './roll-up.ts';

/** What organisations say about controls, in PostgreSQL. */
export class PostgresControlStore implements ControlStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  edits(): Promise<ReadonlyMap<string, ControlEdit>> {
    return loadControlEdits(this.#pool, this.#organisation);
  }

  async edit(
    control: string,
    decide: (before: ControlEdit | null) => ControlChange,
    issueIds: readonly string[],
    actor: string,
  ): Promise<ControlEdit> {
    const { id, shard } = this.#organisation;
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      await lockOrganisation(connection, id);
      const before = await loadControlEdits(connection, this.#organisation);
      const change = decide(before.get(control) ?? null);
      const { vector, accessibility, impact, inbox, severity, reason } = change;
      await connection.query(
        `insert into control_edit (organisation, control, vector, accessibility, impact, is_inbox, severity, reason, actor, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (organisation, control) do update set vector = excluded.vector, accessibility = excluded.accessibility, impact = excluded.impact,
           is_inbox = excluded.is_inbox, severity = excluded.severity, reason = excluded.reason, actor = excluded.actor, at = excluded.at`,
        [id, control, vector, accessibility, impact, inbox, severity, reason, actor, new Date(now)],
      );
      recordEvent(connection, shard, {
        at: now,
        actor,
        verb: 'edit control',
        subject: `control:${control}`,
        details: { ...change },
      });
      await rollUpIssues(connection, this.#organisation, now, await this.#known(connection, issueIds));
      return { ...change, by: actor, at: now };
    });
  }

  async reset(control: string, issueIds: readonly string[], actor: string): Promise<boolean> {
    const { id, shard } = this.#organisation;
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      await lockOrganisation(connection, id);
      const removed = await connection.query(
        'delete from control_edit where organisation = $1 and control = $2',
        [id, control],
      );
      if (removed.rowCount === 0) return false;
      recordEvent(connection, shard, {
        at: now,
        actor,
        verb: 'reset control',
        subject: `control:${control}`,
        details: {},
      });
      await rollUpIssues(connection, this.#organisation, now, await this.#known(connection, issueIds));
      return true;
    });
  }

  /** Issues that exist; most controls have found nothing. */
  async #known(db: Queryable, issueIds: readonly string[]): Promise<ReadonlySet<string>> {
    const result = await db.query<{ id: string }>(
      'select id from issue where shard = $1 and id = any($2::text[])',
      [this.#organisation.shard, issueIds],
    );
    return new Set(result.rows.map((row) => row.id));
  }
}
