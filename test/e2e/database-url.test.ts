import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import type { IssueRow } from '../../src/contract/issue.ts';
import { openPool } from '../../src/store/database.ts';
import type { EmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { startReadyDatabase } from '../support/ready-cluster.ts';
import { makeScratch, runCommand, runJson, sample, startServer } from '../support/run-server.ts';
import { createTestDatabase } from '../support/test-database.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const REPORT = sample('trivy', 'image-spring4shell-jre8.json');

/** Of the server. */
let place: Awaited<ReturnType<typeof makeScratch>>;
let server: EmbeddedPostgres;
let scratch: Awaited<ReturnType<typeof makeScratch>>;
let data: string;
let database: string;
/** An empty database on a server that is not ours to start. */
let url: string;

beforeAll(async () => {
  place = await makeScratch();
  // That of the other tests forces nothing to the disk, and is refused for that.
  server = await startReadyDatabase(join(place.folder, 'theirs'));
});

afterAll(async () => {
  await server.stop();
  await place.remove();
});

beforeEach(async () => {
  scratch = await makeScratch();
  data = join(scratch.folder, 'data');
  const { host, port, user } = server.connection;
  database = `e2e_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${database}`);
  url = `postgresql:///${database}?${new URLSearchParams({ host, port: String(port), user })}`;
});

afterEach(async () => {
  await onServer(`drop database ${database} with (force)`);
  await scratch.remove();
});

async function onServer<Row extends object>(sql: string, name = 'postgres'): Promise<readonly Row[]> {
  const { host, port, user } = server.connection;
  const pool = openPool({ host, port, user, database: name }, { max: 1 });
  try {
    return (await pool.query<Row>(sql)).rows;
  } finally {
    await pool.end();
  }
}

test('several processes that start at once on an empty database make one schema', async () => {
  const env = { DATABASE_URL: url };
  const [server, ...lists] = await Promise.all([
    startServer(['--data', data], { env }),
    runJson(['list', '--data', data], { env }),
    runJson(['list', '--data', data], { env }),
  ]);
  expect(lists).toEqual([[], []]);
  expect(await server.stop()).toBe(0);
  const migrations = await onServer<{ readonly number: number }>(
    'select number from migration order by number',
    database,
  );
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  const feeds = await runJson<readonly object[]>(['feeds', 'status', '--data', data], { env });
  expect(feeds).toContainEqual(expect.objectContaining({ id: 'kev', entries: 1404 }));
});

test('the command line and a server share the database, and no other is started', async () => {
  const env = { DATABASE_URL: url };
  await runJson(['import', REPORT, '--data', data], { env });
  const local = await runJson<readonly IssueRow[]>(['list', '--data', data], { env });
  expect(local).toMatchObject([{ key: 'library_vulnerability|CVE-2022-22965' }]);
  const { token } = await runJson<{ readonly token: string }>(
    ['token', 'create', '--name', 'test', '--data', data],
    { env },
  );
  const server = await startServer(['--data', data, '--database-url', url]);
  try {
    const remote = ['--server', server.url, '--token', token];
    expect(await runJson(['list', ...remote])).toEqual(local);
    // The import's own process opens the same database.
    expect(await runJson(['import', sample('trivy', 'fs-secrets.json'), ...remote])).toMatchObject({
      created: 2,
    });
    expect(await runJson(['list', '--all', '--data', data], { env })).toHaveLength(local.length + 2);
    const { checks } = await runJson<{ readonly checks: readonly object[] }>(['doctor', '--data', data], {
      env,
    });
    expect(checks).toContainEqual(
      expect.objectContaining({
        title: 'database',
        state: 'ok',
        sentence: expect.stringContaining('DATABASE_URL'),
      }),
    );
  } finally {
    await server.stop();
  }
  expect(existsSync(join(data, 'postgres'))).toBe(false);
});

test('doctor tells of a history that somebody changed by hand', async () => {
  const env = { DATABASE_URL: url };
  await runJson(['import', REPORT, '--data', data], { env });
  const history = async () => {
    const { code, stdout } = await runCommand(['doctor', '--data', data, '--json'], { env });
    const { checks } = JSON.parse(stdout) as {
      readonly checks: readonly {
        readonly title: string;
        readonly state: string;
        readonly sentence: string;
      }[];
    };
    return { code, ...checks.find(({ title }) => title === 'history') };
  };
  expect(await history()).toMatchObject({ code: 0, state: 'ok' });
  await onServer("update event set actor = 'nobody' where seq = 1", database);
  expect(await history()).toMatchObject({
    code: 70,
    state: 'failure',
    sentence: expect.stringContaining('Event 1 does not say what was recorded'),
  });
});

test('a database that may lose what it acknowledged is refused, and not touched', async () => {
  const { host, port, user } = inject('testServer');
  const { address, pool, drop } = await createTestDatabase('template0');
  const name = 'database' in address ? address.database : '';
  const forgetful = `postgresql:///${name}?${new URLSearchParams({ host, port: String(port), user })}`;
  const { code, stderr } = await runCommand(['list', '--data', data], { env: { DATABASE_URL: forgetful } });
  expect({ code, stderr }).toEqual({ code: 70, stderr: expect.stringContaining('fsync') });
  expect(
    (await pool.query("select from pg_class where relnamespace = 'public'::regnamespace")).rowCount,
  ).toBe(0);
  await drop();
});

test('a database that does not answer is a refusal that keeps the password', async () => {
  const env = { DATABASE_URL: 'postgresql://inbox:geheim@127.0.0.1:1/inbox' };
  for (const verb of ['list', 'serve']) {
    const { code, stdout, stderr } = await runCommand([verb, '--json', '--data', data], { env });
    expect({ code, stdout }, stderr).toEqual({ code: 70, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'database_unreachable' } });
    expect(stderr).not.toContain('geheim');
  }
});

test('a report is the same findings on either database', async () => {
  const [embedded, own] = await Promise.all([
    runJson(['import', REPORT, '--data', join(scratch.folder, 'embedded')]),
    runJson(['import', REPORT, '--data', data], { env: { DATABASE_URL: url } }),
  ]);
  expect(own).toEqual(embedded);
  expect(JSON.parse(await readFile(join(ROOT, REPORT), 'utf8'))).toHaveProperty('SchemaVersion');
});
