import pg from 'pg';
import { InboxError } from '#base/inbox-error.ts';

/** Where the database is: a URL, or the parts of a unix socket connection. */
export type DatabaseAddress = { readonly url: string } | { readonly host: string; readonly port: number; readonly user: string; readonly database: string; readonly password?: string };

const TIMESTAMPTZ = 1184;
const INT8 = 20;

/** Instants are numbers of milliseconds; 64-bit integers are bigint; everything else as `pg` reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary') {
      if (oid === TIMESTAMPTZ) return (text: string) => Date.parse(`${text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')}`);
      if (oid === INT8) return (text: string) => BigInt(text);
    }
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

export type Pool = pg.Pool;
export type Connection = pg.PoolClient;
/** A pool or one connection: whatever can run a statement. */
export type Queryable = Pick<pg.PoolClient, 'query'>;

export function openPool(address: DatabaseAddress, options: { readonly max?: number; readonly onLost?: () => void } = {}): Pool {
  const connection = 'url' in address ? { connectionString: address.url } : address;
  const pool = new pg.Pool({ ...connection, types, max: options.max ?? 8, application_name: 'security-inbox', statement_timeout: 0, options: '-c timezone=UTC -c search_path=public -c jit=off' });
  // An idle connection that the server closes is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => options.onLost?.());
  return pool;
}

/** Runs `work` in one transaction: committed when it answers, rolled back when it throws. */
export async function inTransaction<T>(pool: Pool, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  let failure: Error | undefined;
  try {
    await connection.query('begin');
    const result = await work(connection);
    await connection.query('commit');
    return result;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    await connection.query('rollback').catch(() => {
      // The connection is lost, and the transaction with it.
    });
    throw error;
  } finally {
    connection.release(failure !== undefined && isConnectionLoss(failure) ? failure : undefined);
  }
}

function isConnectionLoss(error: Error & { code?: string }): boolean {
  return error.code === undefined || error.code.startsWith('08') || error.code.startsWith('57');
}

const OLDEST = 150_000;

/** Refuses servers that are too old; PostgreSQL 15 and newer know everything that the schema uses. */
export async function checkServerVersion(db: Queryable): Promise<number> {
  const result = await db.query<{ server_version_num: string }>('show server_version_num');
  const version = Number(result.rows[0]?.server_version_num);
  if (version < OLDEST) {
    throw new InboxError('database_unsupported', `PostgreSQL 15 to 18 is expected; the database is version ${Math.floor(version / 10_000)}. Use a newer server, or none: the embedded one is 18.`);
  }
  return version;
}

/** Keys of advisory locks, so that no two uses meet. */
export const LOCK = { migrate: 7_070_001, organisation: 7_070_002, source: 7_070_003, importer: 7_070_004, sweep: 7_070_005 } as const;
