import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { IssueRow } from '../../src/contract/issue.ts';
import { inTransaction, openPool } from '../../src/store/database.ts';
import { inspectProcess } from '../../src/store/embedded/process-facts.ts';
import { probeEmbeddedPostgres, stopEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { makeReadyData } from '../support/ready-cluster.ts';
import {
  makeScratch,
  type RunningServer,
  runCommand,
  runJson,
  sample,
  startServer,
} from '../support/run-server.ts';

let scratch: Awaited<ReturnType<typeof makeScratch>>;
let data: string;
let otherData: string;
const started: RunningServer[] = [];

beforeAll(async () => {
  scratch = await makeScratch();
  data = join(scratch.folder, 'one');
  otherData = join(scratch.folder, 'two');
  makeReadyData(data);
  makeReadyData(otherData);
  await runJson(['import', sample('trivy', 'image-spring4shell-jre8.json'), '--data', data]);
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
  // A database whose server was killed runs on.
  await Promise.all([data, otherData].map(stopEmbeddedPostgres));
});

afterAll(() => scratch.remove());

async function start(folder: string, ...args: readonly string[]): Promise<RunningServer> {
  const server = await startServer(['--data', folder, ...args]);
  started.push(server);
  return server;
}

const titles = async (folder: string) =>
  (await runJson<readonly IssueRow[]>(['list', '--all', '--data', folder])).map(({ title }) => title);

const SPRING = 'CVE-2022-22965: spring-framework: RCE via Data Binding on JDK 9+';

/** The status of an attempt to sign in with a link. */
async function enter(link: string): Promise<number> {
  const { origin, hash } = new URL(link);
  const answer = await fetch(`${origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ token: hash.slice(1) }),
  });
  return answer.status;
}

test('two installations run side by side, and neither sees the other', async () => {
  const [one, two] = await Promise.all([start(data), start(otherData)]);
  expect(one.url).not.toBe(two.url);
  expect(await titles(data)).toEqual([SPRING]);
  expect(await titles(otherData)).toEqual([]);
  expect(await enter(one.link.replace(one.url, two.url))).toBe(401);
  expect(await enter(one.link)).toBe(200);
  expect(await enter(two.link)).toBe(200);
});

test('a fresh server waits for its first administrator, whose link lies in a private file too', async () => {
  const folder = join(scratch.folder, 'fresh');
  const server = await start(folder);
  const session = async () => (await fetch(`${server.url}/api/v1/session`)).status;
  const file = join(folder, 'first-sign-in');
  expect(await readFile(file, 'utf8')).toBe(`${server.link}\n`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await session()).toBe(503);
  expect(await enter(server.link)).toBe(200);
  expect(await session()).toBe(401);
  expect((await runCommand(['serve', '--data', folder])).code).toBe(0);
  expect(existsSync(file)).toBe(false);
});

test('a second start prints the running address with a fresh link, and ends well', async () => {
  const server = await start(data);
  expect(await enter(server.link)).toBe(200);
  const { code, stdout } = await runCommand(['serve', '--data', data]);
  const [, link = ''] =
    /^Security Inbox already runs at \S+\nSign in once within 30 minutes: (\S+)\n$/.exec(stdout) ?? [];
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(server.url) });
  expect(link).not.toBe(server.link);
  expect(await enter(link)).toBe(200);
});

test('a port that another program holds is an error that names --port', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const { code, stdout, stderr } = await runCommand(['serve', '--data', data, '--port', String(port)]);
  holder.close();
  expect({ code, stdout, stderr }).toEqual({
    code: 70,
    stdout: '',
    stderr: `Port ${port} is held by another program. Choose another one with --port.\n`,
  });
});

test('watchers have a port of their own, on this machine only; one that is held is an error that names the flag', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const command = ['serve', '--data', otherData, '--port', '0', '--metrics-port', String(port)];
  expect(await runCommand(command)).toEqual({
    code: 70,
    stdout: '',
    stderr: `Port ${port} is held by another program. Choose another one with --metrics-port.\n`,
  });
  holder.close();
  await once(holder, 'close');
  const server = await start(otherData, '--metrics-port', String(port));
  expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('security_inbox_');
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  for (const address of Object.values(networkInterfaces()).flat())
    if (address?.family === 'IPv4' && !address.internal)
      await expect(fetch(`http://${address.address}:${port}/metrics`)).rejects.toThrow();
});

test('stop ends the server and the database, and nothing to stop is no error', async () => {
  const server = await start(data);
  const stop = () =>
    runJson<{ readonly stopped: boolean; readonly sentence: string }>(['stop', '--data', data]);
  expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(true);
  expect(await stop()).toEqual({ stopped: true, sentence: expect.stringContaining(server.url) });
  expect(await server.ended).toBe(0);
  expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false);
  expect(await stop()).toEqual({ stopped: false, sentence: `Nothing runs on ${data}.` });
});

test('a connection that stays open does not keep the server from ending', async () => {
  const server = await start(data);
  // The connection of this request is kept for the next one.
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect(await server.stop()).toBe(0);
});

test('it takes in no more, and waits for no longer, than it says', async () => {
  const server = await start(data);
  const { url } = server;
  const create = ['token', 'create', '--name', 'limits', '--data', data];
  const { token } = await runJson<{ readonly token: string }>(create);
  const authorization = `Bearer ${token}`;
  const signedIn = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ token: server.link.split('#')[1] }),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';

  /** The status for an upload that says its size, and sends nothing yet. */
  const declare = async (bytes: number, shown: Readonly<Record<string, string>>) => {
    const headers = { 'content-type': 'application/octet-stream', 'content-length': bytes, ...shown };
    const asked = request(`${url}/api/v1/imports?name=a`, { method: 'POST', headers });
    asked.on('error', () => undefined);
    asked.flushHeaders();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    asked.destroy();
    return answer.statusCode;
  };
  expect(await declare(256 * 1024 ** 2 + 1, { cookie, origin: url })).toBe(413);
  expect(await declare(4 * 1024 ** 3 + 1, { authorization })).toBe(413);

  const connection = await probeEmbeddedPostgres(data);
  if (connection === null) throw new Error('no database runs');
  const pool = openPool(connection, { max: 1 });
  const page = await inTransaction(pool, async (holder) => {
    await holder.query('lock table issue');
    return (await fetch(`${url}/api/v1/issues`, { headers: { authorization } })).json();
  });
  await pool.end();
  expect(page).toMatchObject({ code: 'timeout' });
});

test.runIf(process.platform === 'linux')(
  'one that a test started ends with the test, however that ends, and its database too',
  async () => {
    const support = join(import.meta.dirname, '../support/run-server.ts');
    const program = `const { startServer } = await import(${JSON.stringify(support)});
      await startServer(['--data', ${JSON.stringify(data)}]);
      console.log('runs');`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');
    const { pid } = JSON.parse(await readFile(join(data, 'server.json'), 'utf8')) as { readonly pid: number };
    expect(inspectProcess(pid).state).toBe('alive');
    owner.kill('SIGKILL');
    try {
      await expect.poll(() => inspectProcess(pid).state, { timeout: 30_000 }).toBe('gone');
      await expect.poll(() => probeEmbeddedPostgres(data), { timeout: 30_000 }).toBe(null);
    } finally {
      if (inspectProcess(pid).state === 'alive') process.kill(pid, 'SIGKILL');
    }
  },
);

test('after a kill it starts again, with what was there', async () => {
  const killed = await start(data);
  const { token } = await runJson<{ readonly token: string }>([
    'token',
    'create',
    '--name',
    'kept',
    '--data',
    data,
  ]);
  await killed.kill();
  expect(await titles(data)).toEqual([SPRING]);
  const server = await start(data);
  const answer = await fetch(`${server.url}/api/v1/issues`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await answer.json()).toMatchObject({ total: 1, items: [{ title: SPRING }] });
});

test('a database that was killed runs again below the server', async () => {
  const server = await start(data);
  const [pid] = (await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGKILL');
  await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status, { timeout: 30_000 }).toBe(200);
  expect(await titles(data)).toEqual([SPRING]);
});

test('--demo loads a realistic estate, once', async () => {
  const folder = join(scratch.folder, 'a demo');
  makeReadyData(folder);
  const first = await start(folder, '--demo');
  expect(first.printed).toContain(`The command line asks these data with --data '${folder}'\n`);
  const issues = await runJson<readonly IssueRow[]>(['list', '--data', folder]);
  expect(issues[0]).toMatchObject({ severity: 'critical', riskCount: 5 });
  const sources = await runJson(['sources', 'list', '--data', folder]);
  await first.stop();
  await start(folder, '--demo');
  expect(await runJson(['sources', 'list', '--data', folder])).toEqual(sources);
  expect(await runJson(['list', '--data', folder])).toEqual(issues);
});
