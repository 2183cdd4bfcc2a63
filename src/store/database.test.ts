import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importReports } from '#app/import-reports.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { inboxOn, NO_OPTIONS } from '../../test/support/test-inbox.ts';
import { inTransaction, openPool, type Queryable } from './database.ts';
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
  const server = await startEmbeddedPostgres({ dataDirectory: folder });
  let losses = 0;
  const pool = openPool(server.connection, { onLost: () => losses++ });
  try {
    await pool.query('select 1');
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
    await expect(database.pool.query('set statement_timeout = 1; select pg_sleep(10)')).rejects.toMatchObject(
      { code: '57014' },
    );
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
