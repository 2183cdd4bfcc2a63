import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import type { Connection } from '../database.ts';
import { organisationOf } from '../organisation.ts';
import { PostgresImportStore } from './import-session.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A session, and the connection that it has. */
async function openSession() {
  const { pool } = database;
  const taken = new Promise<Connection>((resolve) => pool.once('acquire', resolve));
  const session = await new PostgresImportStore(pool, organisationOf(1n)).openSession({ now: () => 0 });
  return { session, connection: await taken };
}

async function heldLocks(): Promise<number> {
  const locks = await database.pool.query(
    "select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
  );
  return locks.rows.length;
}

test('a session that ends leaves its connection, without its locks, to the next one', async () => {
  const first = await openSession();
  expect(await heldLocks()).toBeGreaterThan(0);
  await first.session.close();
  expect(await heldLocks()).toBe(0);
  const second = await openSession();
  expect(second.connection).toBe(first.connection);
  await second.session.close();
});

test.each([
  ['in the middle of a transaction', 'begin'],
  ['in a transaction that failed', 'begin; select 1 / 0'],
])('one that ends %s ends its connection, and with it its locks', async (_where, sql) => {
  const { session, connection } = await openSession();
  await connection.query(sql).catch(() => undefined);
  await session.close();
  const next = await openSession();
  expect(next.connection).not.toBe(connection);
  await next.session.close();
  // The server takes its time to notice that a connection has ended.
  await expect.poll(heldLocks, { timeout: 60_000 }).toBe(0);
});

test('one whose connection is gone ends all the same', async () => {
  const { session, connection } = await openSession();
  const backend = await connection.query<{ pid: number }>('select pg_backend_pid() as pid');
  await database.pool.query('select pg_terminate_backend($1, 10000)', [backend.rows[0]?.pid]);
  await session.close();
  const next = await openSession();
  expect(next.connection).not.toBe(connection);
  await next.session.close();
});
