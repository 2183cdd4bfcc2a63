import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestServer, type TestServer } from './server.test-suite.ts';

let server: TestServer;
let headers: Record<string, string>;

beforeEach(async () => {
  server = await openTestServer();
  headers = { ...(await server.tokenOf('carol', 'administer')), 'idempotency-key': 'k-1' };
});
afterEach(() => server.close());

const call = (path: string, body?: object, others: Record<string, string> = {}) =>
  server.ask({
    method: 'POST',
    url: `/api/v1/${path}`,
    headers: { ...headers, ...others },
    ...(body !== undefined && { body }),
  });
const range = (cidr: string) => call('networks', { cidr, label: 'office' });
const ranges = async () =>
  (await server.ask({ url: '/api/v1/networks', headers })).json<{ items: readonly object[] }>().items;

describe('a change with an Idempotency-Key', () => {
  test('is made once, and repeated it is answered as the first time', async () => {
    const first = await range('198.51.100.0/24');
    expect(first.statusCode).toBe(200);
    await call('networks/remove', { cidr: '198.51.100.0/24' }, { 'idempotency-key': 'k-2' });
    const again = await range('198.51.100.0/24');
    expect([again.statusCode, again.json()]).toEqual([200, first.json()]);
    expect(await ranges()).toEqual([]);
  });

  test('whose key stood for another body or another address is none', async () => {
    await range('198.51.100.0/24');
    for (const other of [
      await range('203.0.113.0/24'),
      await call('networks/remove', { cidr: '198.51.100.0/24', label: 'office' }),
    ])
      expect(other.json()).toMatchObject({ status: 422, code: 'key_reused' });
    expect(await ranges()).toHaveLength(1);
  });

  test('that was refused may be tried again', async () => {
    expect((await call('rules/nothing/disable')).statusCode).toBe(404);
    expect((await call('rules/nothing/disable')).statusCode).toBe(404);
    expect((await call('rules/default.secret/disable')).statusCode).toBe(200);
  });

  test('is told to wait while the first is worked on', async () => {
    const { pool } = server.inbox.database;
    const holder = await pool.connect();
    await holder.query('begin');
    await holder.query('lock table network in exclusive mode');
    const first = range('198.51.100.0/24');
    await expect
      .poll(async () => (await pool.query('select from pg_locks where not granted')).rowCount)
      .toBeGreaterThan(0);
    expect((await range('198.51.100.0/24')).json()).toMatchObject({ status: 409, code: 'conflict' });
    await holder.query('rollback');
    holder.release();
    expect((await first).statusCode).toBe(200);
  });

  test('asks for a key that is one, and without a key each request is made', async () => {
    expect((await call('networks', {}, { 'idempotency-key': 'a b' })).json()).toMatchObject({
      code: 'usage',
    });
    const { 'idempotency-key': _, ...unnamed } = headers;
    headers = unnamed;
    for (const cidr of ['198.51.100.0/24', '203.0.113.0/24'])
      expect((await range(cidr)).statusCode).toBe(200);
    expect(await ranges()).toHaveLength(2);
  });
});
