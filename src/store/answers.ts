import { DAY_MS } from '#base/instant.ts';
import type { AnswerStore, KeptAnswer } from '#domain/ports/answer-store.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { Pool } from './database.ts';
import type { Organisation } from './organisation.ts';

const KEPT_MS = 7 * DAY_MS;

/** Answers to requests that may be repeated, in PostgreSQL. */
export class PostgresAnswerStore implements AnswerStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async find(key: Uint8Array): Promise<KeptAnswer | null> {
    const { rows } = await this.#pool.query<KeptAnswer>(
      'select request, body from kept_answer where organisation = $1 and key = $2 and at > $3',
      [this.#organisation.id, key, this.#oldest()],
    );
    return rows[0] ?? null;
  }

  async keep(key: Uint8Array, { request, body }: KeptAnswer): Promise<void> {
    await this.#pool.query('delete from kept_answer where organisation = $1 and at <= $2', [
      this.#organisation.id,
      this.#oldest(),
    ]);
    await this.#pool.query(
      `insert into kept_answer (organisation, key, request, body, at) values ($1, $2, $3, $4, $5)
       on conflict (organisation, key) do nothing`,
      [this.#organisation.id, key, request, JSON.stringify(body), new Date(this.#clock.now())],
    );
  }

  #oldest(): Date {
    return new Date(this.#clock.now() - KEPT_MS);
  }
}
