import pg from 'pg';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';

/** Where the database is: a URL, or the parts of a unix socket connection. */
export type DatabaseAddress =
  | { readonly url: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly database: string;
      readonly password?: string;
    };

const TIMESTAMPTZ = 1184;
const INT8 = 20;

/** Instants are numbers of milliseconds; 64-bit integers are bigint; everything else as `pg` reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary') {
      if (oid === TIMESTAMPTZ)
        return (text: string) => Date.parse(`${text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')}`);
      if (oid === INT8) return (text: string) => BigInt(text);
    }
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

export type Pool = pg.Pool;
export type Connection = pg.PoolClient;
/** A pool or one connection: whatever can run a statement. */
export type Queryable = Pick<pg.PoolClient, 'query'>;

/** Statements of the pool and of its connections throw `database_unreachable` where the server refuses them or goes away. */
export function openPool(
  address: DatabaseAddress,
  options: { readonly max?: number; readonly onLost?: () => void } = {},
): Pool {
  const connection = 'url' in address ? { connectionString: address.url } : address;
  const pool = new pg.Pool({
    ...connection,
    Client: RefusingClient,
    types,
    max: options.max ?? 8,
    application_name: 'security-inbox',
    statement_timeout: 0,
    options: '-c timezone=UTC -c search_path=public -c jit=off',
  });
  // A connection that the server closes, in use or idle, is replaced by the next statement; without listeners it would end the process.
  pool.on('connect', (client) => client.on('error', () => options.onLost?.()));
  pool.on('error', () => undefined);
  return pool;
}

class RefusingClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    refuseBy(this, 'connect', unreachable);
    refuseBy(this, 'query', asRefusal);
  }
}

/** Gives what a method throws another form. The pool calls it with a callback, everyone else takes its promise. */
function refuseBy(client: pg.Client, name: 'connect' | 'query', refusal: (error: unknown) => unknown): void {
  const method = client[name].bind(client) as (...values: unknown[]) => unknown;
  const refusing = (...values: unknown[]): unknown => {
    const callback = values.at(-1);
    if (typeof callback === 'function')
      return method(...values.slice(0, -1), (error: unknown, result: unknown) =>
        callback(error ? refusal(error) : error, result),
      );
    const answer = method(...values);
    if (!(answer instanceof Promise)) return answer;
    return answer.catch((error: unknown) => {
      throw refusal(error);
    });
  };
  Object.assign(client, { [name]: refusing });
}

/** The refusal for an error of a connection that is lost; any other error as it is. */
export function asRefusal(error: unknown): unknown {
  return isConnectionLoss(error) ? unreachable(error) : error;
}

/** What the driver says of a connection that is gone; it has no code for it. */
const GONE = /^(Connection terminated|Client has encountered a connection error|Client was closed)/;

/** Told by the server (classes 08 and 57P of its codes), by the operating system, or by the driver. */
function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return /^(08|57P)/.test(error.code ?? '');
  return 'syscall' in error || GONE.test(error.message);
}

function unreachable(cause: unknown): InboxError {
  // Of several addresses of one host none answered: the error as a whole has a code and no message.
  const { message, code } = cause as Error & { readonly code?: string };
  return new InboxError(
    'database_unreachable',
    `The database does not answer or refuses the connection: ${oneLine(message || (code ?? 'no reason'), 300)}. Check its address, its password and its firewall.`,
    { cause },
  );
}

/** Runs `work` in one transaction: committed when it answers, rolled back when it throws. */
export async function inTransaction<T>(pool: Pool, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    const result = await work(connection);
    await connection.query('commit');
    return result;
  } catch (error) {
    await connection.query('rollback').catch(() => {
      // The connection is lost, and the transaction with it; the pool takes it out.
    });
    throw error;
  } finally {
    connection.release();
  }
}

const OLDEST = 150_000;

/** Refuses servers that are too old; PostgreSQL 15 and newer know everything that the schema uses. */
export async function checkServerVersion(db: Queryable): Promise<number> {
  const result = await db.query<{ server_version_num: string }>('show server_version_num');
  const version = Number(result.rows[0]?.server_version_num);
  if (version < OLDEST) {
    throw new InboxError(
      'database_unsupported',
      `PostgreSQL 15 to 18 is expected; the database is version ${Math.floor(version / 10_000)}. Use a newer server, or none: the embedded one is 18.`,
    );
  }
  return version;
}

/** Keys of advisory locks, so that no two uses meet. */
export const LOCK = {
  migrate: 7_070_001,
  organisation: 7_070_002,
  source: 7_070_003,
  importer: 7_070_004,
  sweep: 7_070_005,
} as const;
