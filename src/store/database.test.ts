import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importReports } from '#app/import-reports.ts';
import { makeReadyData } from '../../test/support/ready-cluster.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { inboxOn, NO_OPTIONS } from '../../test/support/test-inbox.ts';
import {
  checkDurability,
  inTransaction,
  judgeDurability,
  openPool,
  PAGE_PATIENCE,
  type Queryable,
} from './database.ts';
import { startEmbeddedPostgres } from './embedded/supervisor.ts';
import { copyInto } from './import/copy-rows.ts';
import { migrate } from './migrate.ts';

const UNREACHABLE = {
  name: 'InboxError',
  code: 'database_unreachable',
  message: expect.stringMatching(
    /^The database does not answer or refuses the connection: .+ Check its address/,
  ),
  cause: expect.any(Error),
};

test('a server that was stopped is unreachable for everybody who asks it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'inbox-stopped-'));
  makeReadyData(folder);
  const server = await startEmbeddedPostgres({ dataDirectory: folder });
  let losses = 0;
  const pool = openPool(server.connection, { onLost: () => losses++ });
  try {
    expect(await checkDurability(pool)).toBe(null);
    const held = await pool.connect();
    await server.stop();
    await expect(held.query('select 1')).rejects.toMatchObject(UNREACHABLE);
    held.release(true);
    expect(losses).toBeGreaterThan(0);
    await expect(pool.query('select 1')).rejects.toMatchObject(UNREACHABLE);
    await expect(pool.connect()).rejects.toMatchObject(UNREACHABLE);
    await expect(inTransaction(pool, async () => 1)).rejects.toMatchObject(UNREACHABLE);
    await expect(migrate(pool)).rejects.toMatchObject(UNREACHABLE);
    const { ctx } = inboxOn({ address: server.connection, pool, drop: () => pool.end() });
    const request = { files: [{ path: 'a', name: 'a' }], options: NO_OPTIONS };
    await expect(importReports(ctx, request)).rejects.toMatchObject(UNREACHABLE);
  } finally {
    await pool.end();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test.each([
  ['a port that nobody listens on', { url: 'postgres://me:hidden@127.0.0.1:1/inbox' }],
  ['a socket that is not there', { host: '/nowhere', port: 1, user: 'me', database: 'inbox' }],
])('%s is no database, and no password is told', async (_what, address) => {
  const pool = openPool(address);
  const refused = await pool.query('select 1').catch((error: Error) => error);
  expect(refused).toMatchObject(UNREACHABLE);
  expect((refused as Error).message).not.toContain('hidden');
  await pool.end();
});

describe('a connection that is ended by the server', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase();
  });

  afterEach(() => database.drop());

  async function end(connection: Queryable): Promise<void> {
    const pid = await connection.query<{ pid: number }>('select pg_backend_pid() as pid');
    await database.pool.query('select pg_terminate_backend($1, 5000)', [pid.rows[0]?.pid]);
  }

  test('ends its transaction, and the next one has another', async () => {
    const pool = openPool(database.address, { max: 1 });
    const left = inTransaction(pool, async (connection) => {
      await connection.query("update organisation set name = 'changed'");
      await end(connection);
      await connection.query('select 1');
    });
    await expect(left).rejects.toMatchObject(UNREACHABLE);
    const next = inTransaction(pool, async (connection) => connection.query('select name from organisation'));
    expect((await next).rows).toEqual([{ name: 'default' }]);
    await pool.end();
  });

  test('while it works on a statement, ends that', async () => {
    await expect(database.pool.query('select pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({
      ...UNREACHABLE,
      cause: expect.objectContaining({ code: '57P01' }),
    });
  });

  test('ends a copy into a table', async () => {
    const connection = await database.pool.connect();
    await end(connection);
    await expect(
      copyInto(connection, 'feed_epss', ['advisory', 'score', 'percentile'], ['CVE-1\t0\t0\n']),
    ).rejects.toMatchObject(UNREACHABLE);
    connection.release(true);
  });
});

describe('an error that is about the statement', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase('template0');
  });

  afterEach(() => database.drop());

  test('stays what it is', async () => {
    await expect(database.pool.query('select * from nothing')).rejects.toMatchObject({
      name: 'error',
      code: '42P01',
    });
    await expect(database.pool.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await expect(
      database.pool.query('select $1', [
        {
          toPostgres: () => {
            throw new TypeError('ours');
          },
        },
      ]),
    ).rejects.toThrow(new TypeError('ours'));
  });

  test('and one of the work itself leave the connection in use', async () => {
    const pidOf = async (connection: Queryable) =>
      (await connection.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
    const pool = openPool(database.address, { max: 1 });
    const pids: (number | undefined)[] = [];
    const work = inTransaction(pool, async (connection) => {
      pids.push(await pidOf(connection));
      throw new Error('ours');
    });
    await expect(work).rejects.toThrow(new Error('ours'));
    pids.push(await pidOf(pool));
    await pool.end();
    expect(pids[0]).toBe(pids[1]);
  });
});

describe('a pool for pages', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase('template0');
  });
  afterEach(() => database.drop());

  test('waits 15 seconds for a statement, 3 for a lock and 30 for the next statement; others wait', async () => {
    const shown = async (pool: Queryable) =>
      (
        await pool.query(
          "select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout') as all",
        )
      ).rows;
    const pages = openPool(database.address, { patience: PAGE_PATIENCE });
    expect(await shown(pages)).toEqual([{ all: '15s 3s 30s' }]);
    expect(await shown(database.pool)).toEqual([{ all: '0 0 0' }]);
    await pages.end();
  });

  test('refuses what takes too long, and goes on', async () => {
    const patience = { statementMs: 300, lockMs: 50, idleInTransactionMs: 1_000 };
    const pages = openPool(database.address, { patience });
    await pages.query('create table held (id integer)');
    await expect(pages.query('select pg_sleep(60)')).rejects.toMatchObject({
      name: 'InboxError',
      code: 'timeout',
    });
    await inTransaction(database.pool, async (connection) => {
      await connection.query('lock table held');
      await expect(pages.query('select from held')).rejects.toMatchObject({ code: 'timeout' });
    });
    expect((await pages.query('select from held')).rowCount).toBe(0);
    await pages.end();
  });

  test('that forces nothing to the disk, as that of the tests, is refused', async () => {
    await expect(checkDurability(database.pool)).rejects.toMatchObject({ code: 'database_unsupported' });
  });
});

test('a database that keeps nothing is refused, and one that may lose something is warned of', () => {
  const durable = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' };
  expect(judgeDurability(durable)).toBe(null);
  expect(judgeDurability({ ...durable, synchronous_commit: 'remote_apply' })).toBe(null);
  for (const setting of ['full_page_writes', 'synchronous_commit'])
    expect(judgeDurability({ ...durable, [setting]: 'off' })).toContain(`${setting}=off`);
  for (const full_page_writes of ['on', 'off'])
    expect(() => judgeDurability({ ...durable, fsync: 'off', full_page_writes })).toThrow(
      expect.objectContaining({ code: 'database_unsupported' }),
    );
});
