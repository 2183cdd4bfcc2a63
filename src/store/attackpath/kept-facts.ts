import type { Instant } from '#base/instant.ts';
import type { Queryable } from '../database.ts';

/** What time alone changes, such as a signal that is too old to count, shows as late as that. */
const KEPT_MS = 60_000;
/** Whoever plans asks the same from outside again and again; of other questions the last ones. */
const QUESTIONS_MAX = 3;

interface Kept<T> {
  readonly version: string;
  readonly at: Instant;
  readonly answer: Promise<T>;
}

/**
 * Answers that were worked out from the database, for as long as nothing in it changed: its own account of which
 * transactions are finished is the same then, whichever process wrote. An answer is never older than the question.
 */
export class KeptFacts<T> {
  readonly #kept = new Map<string, Kept<T>>();

  async get(db: Queryable, question: string, now: Instant, load: () => Promise<T>): Promise<T> {
    const version = await versionOf(db);
    const known = this.#kept.get(question);
    this.#kept.delete(question);
    if (known !== undefined && known.version === version && now - known.at < KEPT_MS && known.at <= now) {
      this.#kept.set(question, known);
      return known.answer;
    }
    const answer = load();
    this.#kept.set(question, { version, at: now, answer });
    for (const oldest of this.#kept.keys()) if (this.#kept.size > QUESTIONS_MAX) this.#kept.delete(oldest);
    try {
      return await answer;
    } catch (error) {
      if (this.#kept.get(question)?.answer === answer) this.#kept.delete(question);
      throw error;
    }
  }
}

/** The same as long as no transaction that writes began or ended. */
async function versionOf(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ version: string }>({
    name: 'version-of-everything',
    text: 'select pg_current_snapshot()::text as version',
    values: [],
  });
  return rows[0]?.version ?? '';
}
