import type { Pool } from '../../src/store/database.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

/** A database as migrating left it: its form, and the rows of the tables that are not empty. */
interface Fresh {
  readonly form: string;
  readonly tables: readonly string[];
  readonly seeds: ReadonlyMap<string, string>;
}

/** Those that tests of this file have let go, as good as new. */
const free: { readonly database: TestDatabase; readonly fresh: Fresh }[] = [];

/**
 * A migrated database, with connections that know its tables already: making one, and the first look at everything in it,
 * takes longer than most tests. Its `drop` empties it for the next test of this file; one that a test left in another
 * form, or in use, is dropped.
 */
export async function reuseTestDatabase(): Promise<TestDatabase> {
  const { database, fresh } = free.pop() ?? (await freshDatabase());
  return {
    ...database,
    async drop() {
      if (await isEmptied(database.pool, fresh)) free.push({ database, fresh });
      else await database.drop();
    },
  };
}

async function freshDatabase(): Promise<{ readonly database: TestDatabase; readonly fresh: Fresh }> {
  const database = await createTestDatabase();
  const { form, tables } = await formOf(database.pool);
  const seeds = new Map<string, string>();
  for (const table of await filledOf(database.pool, tables)) {
    const { rows } = await database.pool.query(
      `select jsonb_agg(seed)::text as rows from "${table}" as seed`,
    );
    seeds.set(table, rows[0].rows);
  }
  return { database, fresh: { form, tables, seeds } };
}

async function isEmptied(pool: Pool, fresh: Fresh): Promise<boolean> {
  if (pool.ended || pool.idleCount !== pool.totalCount) return false;
  const { form } = await formOf(pool);
  if (form !== fresh.form || (await holdsLocks(pool))) return false;
  const filled = await filledOf(pool, fresh.tables);
  // In whatever order: references are not looked at.
  const deletes = filled.map((table) => `delete from "${table}";`).join(' ');
  await pool.query(`begin; set local session_replication_role = replica; ${deletes} commit`);
  for (const [table, rows] of fresh.seeds)
    await pool.query(`insert into "${table}" select * from jsonb_populate_recordset(null::"${table}", $1)`, [
      rows,
    ]);
  return true;
}

async function formOf(pool: Pool): Promise<{ readonly form: string; readonly tables: readonly string[] }> {
  const { rows } = await pool.query(
    `select string_agg(concat_ws(' ', relname, relkind, attname, atttypid), ',' order by relname, attnum) as form,
            array_agg(distinct relname::text) filter (where relkind = 'r') as tables
     from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 where relnamespace = 'public'::regnamespace`,
  );
  return rows[0];
}

async function holdsLocks(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query(
    "select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
  );
  return rowCount !== 0;
}

async function filledOf(pool: Pool, tables: readonly string[]): Promise<readonly string[]> {
  const looks = tables.map((table) => `select '${table}' as name where exists (select from "${table}")`);
  const { rows } = await pool.query<{ name: string }>(looks.join(' union all '));
  return rows.map((row) => row.name);
}
