import type { Instant } from '#base/instant.ts';
import type { SharedView, ViewStore } from '#domain/ports/view-store.ts';
import { inTransaction, type Pool } from './database.ts';
import { recordEvent } from './events.ts';
import type { Organisation } from './organisation.ts';

/** Shared views in PostgreSQL. */
export class PostgresViewStore implements ViewStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;

  constructor(pool: Pool, organisation: Organisation) {
    this.#pool = pool;
    this.#organisation = organisation;
  }

  async list(): Promise<readonly SharedView[]> {
    const result = await this.#pool.query<SharedView>(
      'select name, search, actor, at from shared_view where organisation = $1 order by name',
      [this.#organisation.id],
    );
    return result.rows;
  }

  async put({ name, search, actor, at }: SharedView): Promise<void> {
    await inTransaction(this.#pool, async (connection) => {
      await connection.query(
        `insert into shared_view (organisation, name, search, actor, at) values ($1, $2, $3, $4, $5)
         on conflict (organisation, name) do update set search = excluded.search, actor = excluded.actor, at = excluded.at`,
        [this.#organisation.id, name, JSON.stringify(search), actor, new Date(at)],
      );
      recordEvent(connection, this.#organisation.shard, {
        at,
        actor,
        verb: 'share view',
        subject: `view:${name}`,
        details: { search },
      });
    });
  }

  remove(name: string, actor: string, at: Instant): Promise<boolean> {
    return inTransaction(this.#pool, async (connection) => {
      const removed = await connection.query(
        'delete from shared_view where organisation = $1 and name = $2',
        [this.#organisation.id, name],
      );
      if (removed.rowCount === 0) return false;
      recordEvent(connection, this.#organisation.shard, {
        at,
        actor,
        verb: 'remove view',
        subject: `view:${name}`,
        details: {},
      });
      return true;
    });
  }
}
