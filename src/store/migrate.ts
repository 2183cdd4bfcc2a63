import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { checkSchema } from './check-schema.ts';
import { type Connection, checkServerVersion, LOCK, type Pool } from './database.ts';

/** Where the numbered files of this program lie. */
const FOLDER = new URL('./migrations/', import.meta.url);

interface Migration {
  readonly number: number;
  readonly name: string;
}

export interface MigrateOptions {
  /** Of the numbered files; absent: this program's own. */
  readonly folder?: URL;
  /**
   * Called once before a database that is in use is changed, with the names of what will be applied; nothing is changed
   * where it throws. The connection is the one that migrates; while it is held no other program does.
   */
  readonly beforeUpgrade?: (connection: Connection, missing: readonly string[]) => Promise<void>;
}

/**
 * Brings the schema up to date, forward only: all that is missing in one transaction, so that a kill or a failure at
 * any moment leaves the database as it was. Several processes may start at once: one migrates, the others wait and find
 * nothing left to do. Answers the names of what was applied. Throws `database_newer` when a newer program wrote the
 * database, `database_unsupported` when another form of this one did or when a migration fails, and
 * `database_unreachable` when there is none to connect to.
 */
export async function migrate(pool: Pool, options: MigrateOptions = {}): Promise<readonly string[]> {
  const connection = await pool.connect();
  try {
    await checkServerVersion(connection);
    await connection.query('select pg_advisory_lock($1)', [LOCK.migrate]);
    try {
      return await bringUpToDate(connection, options);
    } finally {
      await connection.query('select pg_advisory_unlock($1)', [LOCK.migrate]).catch(() => {
        // The connection is lost, and the lock with it.
      });
    }
  } finally {
    connection.release();
  }
}

async function bringUpToDate(
  connection: Connection,
  { folder = FOLDER, beforeUpgrade }: MigrateOptions,
): Promise<readonly string[]> {
  const known = await knownMigrations(folder);
  const applied = await appliedMigrations(connection);
  refuseOthers(known, applied);
  const missing = known.slice(applied.length);
  const names = missing.map(({ name }) => name);
  if (missing.length > 0 && applied.length > 0) await beforeUpgrade?.(connection, names);
  await connection.query('begin');
  try {
    for (const migration of missing) await apply(connection, migration, folder);
    await checkSchema(connection);
    await connection.query('commit');
  } catch (error) {
    await connection.query('rollback').catch(() => {
      // The connection is lost, and the transaction with it.
    });
    throw error;
  }
  return names;
}

async function knownMigrations(folder: URL): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9-]+\.sql$/.test(name)).sort();
  return names.map((name) => ({ number: Number(name.slice(0, 4)), name }));
}

async function appliedMigrations(connection: Connection): Promise<readonly Migration[]> {
  await connection.query(
    'create table if not exists migration (number integer primary key, name text not null, applied_at timestamptz not null)',
  );
  const { rows } = await connection.query<Migration>('select number, name from migration order by number');
  return rows;
}

/** The files that were applied have to be the first of those that are known. */
function refuseOthers(known: readonly Migration[], applied: readonly Migration[]): void {
  const newest = applied.at(-1);
  const newestKnown = known.at(-1);
  if (newest !== undefined && newest.number > (newestKnown?.number ?? 0))
    throw new InboxError(
      'database_newer',
      `A newer program has already changed these data: they hold ${oneLine(newest.name, 100)}, and ${newestKnown?.name ?? 'nothing'} is the newest that this one knows. Start the newer program; or go back to the copy that it made before its change, in the folder "backups" of the data; or use other data with --data.`,
    );
  for (const [index, { number, name }] of applied.entries()) {
    if (known[index]?.name === name) continue;
    throw new InboxError(
      'database_unsupported',
      `Another form of the program made these data: expected ${known.find((each) => each.number === number)?.name ?? known[index]?.name ?? 'nothing more'} among what was applied to them, found ${oneLine(name, 100)}. Start the program that made them, or use other data with --data and import the reports again.`,
    );
  }
}

async function apply(connection: Connection, { number, name }: Migration, folder: URL): Promise<void> {
  const sql = await readFile(new URL(name, folder), 'utf8');
  try {
    await connection.query(sql);
    await connection.query('insert into migration (number, name, applied_at) values ($1, $2, now())', [
      number,
      name,
    ]);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    throw new InboxError(
      'database_unsupported',
      `The data cannot be brought up to date: ${name} expects what the files before it leave, and the database says: ${oneLine(error.message, 300)}. Nothing was changed; the program that ran before still works on them. Give the database what it lacks, or use other data with --data.`,
      { cause: error },
    );
  }
}
