import type { RunningChange } from '#domain/ports/automation-store.ts';
import type { Connection, Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';

const NAME = 'security-inbox rules';

/**
 * Tells others from within a transaction, of which nobody sees anything yet, how far a change of the rules has come: what a
 * connection is called is seen at once, and goes with its transaction however that ends.
 */
export async function tellRunning(
  connection: Connection,
  { id }: Organisation,
  done: number,
  all: number,
): Promise<void> {
  await connection.query("select set_config('application_name', $1, true)", [`${NAME} ${id} ${done}/${all}`]);
}

/** The change of the rules that is at work now, by whichever process; null: none is. */
export async function loadRunning(db: Queryable, { id }: Organisation): Promise<RunningChange | null> {
  const running = await db.query<{ name: string; since: number }>(
    `select application_name as name, xact_start as since from pg_stat_activity
     where datname = current_database() and application_name like $1 and xact_start is not null order by xact_start limit 1`,
    [`${NAME} ${id} %`],
  );
  const [row] = running.rows;
  const [, done, all] = /(\d+)\/(\d+)$/.exec(row?.name ?? '') ?? [];
  return row === undefined || done === undefined
    ? null
    : { done: Number(done), all: Number(all), since: row.since };
}
