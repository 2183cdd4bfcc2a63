import type { Instant } from '#base/instant.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { Network, NetworkStore } from '#domain/ports/network-store.ts';
import { type Connection, inTransaction, lockOrganisation, type Pool } from './database.ts';
import { reassessEstates } from './estate/reassess-estates.ts';
import { recordEvent } from './events.ts';
import type { Organisation } from './organisation.ts';

/** The ranges that organisations call their own, in PostgreSQL. */
export class PostgresNetworkStore implements NetworkStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async list(): Promise<readonly Network[]> {
    const result = await this.#pool.query<Network>(
      'select cidr, label, actor, at from network where organisation = $1 order by label, cidr',
      [this.#organisation.id],
    );
    return result.rows;
  }

  async add({ cidr, label }: Pick<Network, 'cidr' | 'label'>, actor: string): Promise<void> {
    await this.#change('add network', cidr, { label }, actor, async (connection, at) => {
      await connection.query(
        `insert into network (organisation, cidr, label, actor, at) values ($1, $2, $3, $4, $5)
         on conflict (organisation, cidr) do update set label = excluded.label, actor = excluded.actor, at = excluded.at`,
        [this.#organisation.id, cidr, label, actor, new Date(at)],
      );
      return true;
    });
  }

  remove(cidr: string, actor: string): Promise<boolean> {
    return this.#change('remove network', cidr, {}, actor, async (connection) => {
      const removed = await connection.query('delete from network where organisation = $1 and cidr = $2', [
        this.#organisation.id,
        cidr,
      ]);
      return removed.rowCount !== 0;
    });
  }

  /** Stores a change with its audit row and judges every estate anew; false where nothing changed. */
  #change(
    verb: string,
    cidr: string,
    details: Readonly<Record<string, unknown>>,
    actor: string,
    save: (connection: Connection, at: Instant) => Promise<boolean>,
  ): Promise<boolean> {
    const { id, shard } = this.#organisation;
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      await lockOrganisation(connection, id);
      if (!(await save(connection, now))) return false;
      recordEvent(connection, shard, { at: now, actor, verb, subject: `network:${cidr}`, details });
      await reassessEstates(connection, this.#organisation, now);
      return true;
    });
  }
}
