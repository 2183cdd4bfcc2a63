import type { Clock } from '#domain/ports/clock.ts';
import type { KeptMapping, MappingStore } from '#domain/ports/mapping-store.ts';
import { inTransaction, lockOrganisation, type Pool } from './database.ts';
import { recordEvent } from './events.ts';
import type { Organisation } from './organisation.ts';

/** The mappings that organisations keep, in PostgreSQL. */
export class PostgresMappingStore implements MappingStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async list(): Promise<readonly KeptMapping[]> {
    const result = await this.#pool.query<KeptMapping>(
      'select name, text, actor, at from report_mapping where organisation = $1 order by name',
      [this.#organisation.id],
    );
    return result.rows;
  }

  async keep({ name, text }: Pick<KeptMapping, 'name' | 'text'>, actor: string): Promise<void> {
    const { id, shard } = this.#organisation;
    const at = this.#clock.now();
    await inTransaction(this.#pool, async (connection) => {
      await lockOrganisation(connection, id);
      await connection.query(
        `insert into report_mapping (organisation, name, text, actor, at) values ($1, $2, $3, $4, $5)
         on conflict (organisation, name) do update set text = excluded.text, actor = excluded.actor, at = excluded.at`,
        [id, name, text, actor, new Date(at)],
      );
      const subject = `mapping:${name}`;
      recordEvent(connection, shard, { at, actor, verb: 'keep mapping', subject, details: { text } });
    });
  }

  remove(name: string, actor: string): Promise<boolean> {
    const { id, shard } = this.#organisation;
    const at = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      await lockOrganisation(connection, id);
      const removed = await connection.query(
        'delete from report_mapping where organisation = $1 and name = $2',
        [id, name],
      );
      if (removed.rowCount === 0) return false;
      const subject = `mapping:${name}`;
      recordEvent(connection, shard, { at, actor, verb: 'remove mapping', subject, details: {} });
      return true;
    });
  }
}
