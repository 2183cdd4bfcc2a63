import { readdir, readFile } from 'node:fs/promises';
import { InboxError } from '#base/inbox-error.ts';
import { type Connection, checkServerVersion, LOCK, type Pool } from './database.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

interface Migration {
  readonly number: number;
  readonly name: string;
}

async function knownMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{4}_[a-z0-9-]+\.sql$/.test(name)).sort();
  return names.map((name) => ({ number: Number(name.slice(0, 4)), name }));
}

/**
 * Brings the schema up to date, one transaction per numbered file, forward only. Several processes may
 * start at once: one migrates, the others wait and find nothing left to do. Answers the names of what
 * was applied. Throws `database_newer` when the database was written by a newer program, and
 * `database_unreachable` when there is none to connect to.
 */
export async function migrate(pool: Pool): Promise<readonly string[]> {
  const connection = await pool.connect();
  try {
    await checkServerVersion(connection);
    await connection.query('select pg_advisory_lock($1)', [LOCK.migrate]);
    try {
      return await applyMissing(connection);
    } finally {
      await connection.query('select pg_advisory_unlock($1)', [LOCK.migrate]);
    }
  } finally {
    connection.release();
  }
}

async function applyMissing(connection: Connection): Promise<readonly string[]> {
  await connection.query(
    'create table if not exists migration (number integer primary key, name text not null, applied_at timestamptz not null)',
  );
  const done = await connection.query<{ number: number }>('select number from migration');
  const applied = new Set(done.rows.map((row) => row.number));
  const known = await knownMigrations();
  const newest = Math.max(0, ...applied);
  if (newest > Math.max(0, ...known.map((migration) => migration.number))) {
    throw new InboxError(
      'database_newer',
      `The database holds migration ${newest}, which this program does not know. Start the newer program, or use other data with --data.`,
    );
  }
  const missing = known.filter((migration) => !applied.has(migration.number));
  for (const { number, name } of missing) {
    const sql = await readFile(new URL(name, FOLDER), 'utf8');
    await connection.query('begin');
    try {
      await connection.query(sql);
      await connection.query('insert into migration (number, name, applied_at) values ($1, $2, now())', [
        number,
        name,
      ]);
      await connection.query('commit');
    } catch (error) {
      await connection.query('rollback');
      throw error;
    }
  }
  return missing.map((migration) => migration.name);
}
