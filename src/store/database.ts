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
const TEXT_ARRAY: number = 1009;

/** Instants are numbers of milliseconds; 64-bit integers are bigint; everything else as `pg` reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary') {
      if (oid === TIMESTAMPTZ) return instantOfText;
      if (oid === INT8) return (text: string) => BigInt(text);
      if (oid === TEXT_ARRAY) return listOfText;
    }
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

const textArray = pg.types.getTypeParser(TEXT_ARRAY, 'text') as (text: string) => (string | null)[];

/** Most lists are empty or of plain words. */
function listOfText(text: string): readonly (string | null)[] {
  if (text === '{}') return [];
  return PLAIN_LIST.test(text) ? text.slice(1, -1).split(',') : textArray(text);
}

/** Nothing is quoted, and nothing may be a null. */
const PLAIN_LIST = /^\{[a-z0-9_.:,-]+\}$/;

let lastText = '';
let lastInstant = Number.NaN;

/** Rows that follow each other tell mostly the same instant. */
function instantOfText(text: string): number {
  if (text === lastText) return lastInstant;
  lastInstant = Date.parse(`${text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')}`);
  lastText = text;
  return lastInstant;
}

export type Pool = pg.Pool;
export type Connection = pg.PoolClient;
/** A pool or one connection: whatever can run a statement. */
export type Queryable = Pick<pg.PoolClient, 'query'>;

/** How long the database works for one of our statements, waits for a lock and for the next statement of a transaction. */
export interface DatabasePatience {
  readonly statementMs: number;
  readonly lockMs: number;
  readonly idleInTransactionMs: number;
}

/** For whoever waits in front of a page; importers, sweeps and migrations take the time that they need (reliability §6.2). */
export const PAGE_PATIENCE: DatabasePatience = {
  statementMs: 15_000,
  lockMs: 3_000,
  idleInTransactionMs: 30_000,
};

/** Statements of the pool and of its connections throw `timeout` where patience ends, and `database_unreachable` where the server refuses them or goes away. */
export function openPool(
  address: DatabaseAddress,
  options: { readonly max?: number; readonly onLost?: () => void; readonly patience?: DatabasePatience } = {},
): Pool {
  const connection = 'url' in address ? { connectionString: address.url } : address;
  const pool = new pg.Pool({
    ...connection,
    Client: RefusingClient,
    types,
    max: options.max ?? 8,
    application_name: 'security-inbox',
    statement_timeout: options.patience?.statementMs,
    lock_timeout: options.patience?.lockMs,
    idle_in_transaction_session_timeout: options.patience?.idleInTransactionMs,
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

/** The refusal for an error of a connection that is lost or of a statement that took too long; any other error as it is. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof pg.DatabaseError && OUT_OF_TIME.has(error.code ?? ''))
    return new InboxError(
      'timeout',
      'The database did not answer in time: it is busy, perhaps with an import. Try again, or ask for less at a time.',
      { cause: error },
    );
  return isConnectionLoss(error) ? unreachable(error) : error;
}

/** A statement or a transaction that took too long (57014, 25P03), a lock that somebody else holds (55P03). */
const OUT_OF_TIME: ReadonlySet<string> = new Set(['57014', '25P03', '55P03']);

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

/** What a transaction does last of all, and what is to be forgotten however it ends. */
interface LastWork {
  readonly work: () => Promise<void>;
  readonly done: () => void;
}

const lastWorks = new WeakMap<Connection, LastWork[]>();

/** Lets a transaction that `begin` began do something immediately before it commits. */
export function beforeCommit(connection: Connection, last: LastWork): void {
  const works = lastWorks.get(connection);
  if (works === undefined) throw new Error('this belongs into a transaction, and none has begun');
  works.push(last);
}

const holders = new WeakSet<Connection>();

/**
 * Lets nobody else change issues of the organisation until the transaction ends; who holds that already asks nobody again.
 */
export async function lockOrganisation(connection: Connection, id: bigint): Promise<void> {
  if (holders.has(connection)) return;
  await connection.query('select pg_advisory_xact_lock($1, $2)', [LOCK.organisation, Number(id)]);
  // Outside a transaction the lock goes with its statement.
  if (lastWorks.has(connection)) holders.add(connection);
}

/** The same, and no import reads meanwhile either. */
export async function lockImports(connection: Connection, id: bigint): Promise<void> {
  await connection.query('select pg_advisory_xact_lock($1, $2)', [LOCK.importer, Number(id)]);
  await lockOrganisation(connection, id);
}

export async function begin(connection: Connection): Promise<void> {
  await connection.query('begin');
  lastWorks.set(connection, []);
}

/** The same, and from the first moment nobody else changes issues of the organisation: one message for both. */
export async function beginAlone(connection: Connection, organisation: bigint): Promise<void> {
  await connection.query(
    `begin; select pg_advisory_xact_lock(${LOCK.organisation}, ${Number(organisation)})`,
  );
  lastWorks.set(connection, []);
  holders.add(connection);
}

export async function commit(connection: Connection): Promise<void> {
  for (const { work } of lastWorks.get(connection) ?? []) await work();
  forgetWorks(connection);
  await connection.query('commit');
}

/** A connection that is lost takes its transaction with it: that is no second failure. */
export async function rollback(connection: Connection): Promise<void> {
  forgetWorks(connection);
  await connection.query('rollback').catch(() => undefined);
}

function forgetWorks(connection: Connection): void {
  for (const { done } of lastWorks.get(connection) ?? []) done();
  holders.delete(connection);
  lastWorks.delete(connection);
}

/** Runs `work` in one transaction: committed when it answers, rolled back when it throws. */
export async function inTransaction<T>(
  pool: Pool,
  work: (connection: Connection) => Promise<T>,
  opening: (connection: Connection) => Promise<void> = begin,
): Promise<T> {
  const connection = await pool.connect();
  try {
    await opening(connection);
    const result = await work(connection);
    await commit(connection);
    return result;
  } catch (error) {
    await rollback(connection);
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

/**
 * Whether the server keeps what it acknowledged through a loss of power: null, or a warning where its pages may be torn,
 * which only some storage prevents by itself. Throws `database_unsupported` where it does not write to the disk at all:
 * it is asked before anything else, so that what is refused is not touched.
 */
export async function checkDurability(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<DurabilitySettings>(
    "select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes, current_setting('synchronous_commit') as synchronous_commit",
  );
  return rows[0] === undefined ? null : judgeDurability(rows[0]);
}

interface DurabilitySettings {
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
}

export function judgeDurability(settings: DurabilitySettings): string | null {
  if (settings.fsync === 'off')
    throw new InboxError(
      'database_unsupported',
      'The database runs with fsync=off: a loss of power destroys it, with every decision in it. Set fsync=on, or leave out --database-url to use the embedded one.',
    );
  if (settings.full_page_writes === 'off')
    return 'The database runs with full_page_writes=off: unless its storage never tears a page, a loss of power can destroy it. Set full_page_writes=on.';
  return settings.synchronous_commit === 'off'
    ? 'The database runs with synchronous_commit=off: a loss of power takes back what was acknowledged in the moments before. Set synchronous_commit=on.'
    : null;
}

/** Keys of advisory locks, so that no two uses meet. */
export const LOCK = {
  migrate: 7_070_001,
  organisation: 7_070_002,
  source: 7_070_003,
  importer: 7_070_004,
  sweep: 7_070_005,
  stage: 7_070_006,
  deliver: 7_070_007,
} as const;
