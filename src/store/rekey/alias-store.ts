import type { Instant } from '#base/instant.ts';
import type { AliasStore, AliasView } from '#domain/ports/alias-store.ts';
import type { Clock } from '#domain/ports/clock.ts';
import { refreshPaths } from '../attackpath/refresh-paths.ts';
import { type Connection, inTransaction, lockOrganisation, type Pool } from '../database.ts';
import { recordEvent } from '../events.ts';
import type { Organisation } from '../organisation.ts';
import { rekeyFindings } from './rekey-findings.ts';
import { countAliasChange, loadAliases, saveAliases } from './stored-aliases.ts';

/** The aliases of advisories in PostgreSQL. */
export class PostgresAliasStore implements AliasStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async list(): Promise<readonly AliasView[]> {
    const result = await this.#pool.query<{
      name: string;
      target: string;
      origin: string;
      learned_at: Instant;
      withdrawn_at: Instant | null;
    }>(
      `select name, target, origin, learned_at, withdrawn_at from alias where organisation = $1 and kind = 'advisory' order by name, target`,
      [this.#organisation.id],
    );
    return result.rows.map((row) => ({
      name: row.name,
      target: row.target,
      origin: row.origin,
      learnedAt: row.learned_at,
      isWithdrawn: row.withdrawn_at !== null,
    }));
  }

  async declare(name: string, target: string, actor: string): Promise<number> {
    const moved = await this.#change('declare alias', name, target, actor, async (connection, now) => {
      await saveAliases(connection, this.#organisation, [{ kind: 'advisory', name, target }], actor, now);
      await connection.query(
        `update alias set withdrawn_at = null, origin = $4 where organisation = $1 and kind = 'advisory' and name = $2 and target = $3`,
        [this.#organisation.id, name, target, actor],
      );
      return true;
    });
    return moved ?? 0;
  }

  async withdraw(name: string, target: string, actor: string): Promise<number | null> {
    return this.#change('withdraw alias', name, target, actor, async (connection, now) => {
      const withdrawn = await connection.query(
        `update alias set withdrawn_at = $4 where organisation = $1 and kind = 'advisory' and name = $2 and target = $3 and withdrawn_at is null`,
        [this.#organisation.id, name, target, new Date(now)],
      );
      return withdrawn.rowCount === 1;
    });
  }

  /** Null where `change` changes nothing. */
  async #change(
    verb: string,
    name: string,
    target: string,
    actor: string,
    change: (connection: Connection, now: Instant) => Promise<boolean>,
  ): Promise<number | null> {
    const organisation = this.#organisation;
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      await lockOrganisation(connection, organisation.id);
      const before = await loadAliases(connection, organisation);
      if (!(await change(connection, now))) return null;
      await countAliasChange(connection, organisation);
      const after = await loadAliases(connection, organisation);
      const moved = await rekeyFindings(connection, organisation, now, before, after, actor);
      if (moved > 0) await refreshPaths(connection, organisation, now);
      recordEvent(connection, organisation.shard, {
        at: now,
        actor,
        verb,
        subject: `advisory:${name}`,
        details: { target, moved },
      });
      return moved;
    });
  }
}
