import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeReadyData } from '../../../test/support/ready-cluster.ts';
import { inspectProcess } from './process-facts.ts';
import {
  type EmbeddedConnection,
  type EmbeddedPostgres,
  probeEmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from './supervisor.ts';
import { clearStalePostmasterFile, findPostmaster } from './take-over.ts';
import { firstClosedFolder, NOBODY } from './unprivileged-user.ts';

const isRoot = process.getuid?.() === 0;
/** A user without a line in /etc/passwd, as containers like to give. */
const NAMELESS = { uid: 12_345, gid: 12_345 };
const reachable = isRoot && firstClosedFolder(import.meta.dirname, NOBODY) === null;
const serverUser = isRoot ? NOBODY : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

let home: string;
let data: string;
const started: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'inbox embedded '));
  chmodSync(home, 0o711);
  data = join(home, 'my data');
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  for (const postgres of started.splice(0)) await postgres.stop();
  await vi.waitFor(async () => expect(await findPostmaster(join(data, 'postgres'))).toBe(null), 30_000);
  rmSync(home, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDirectory: data });
  started.push(postgres);
  return postgres;
}

interface Report {
  readonly owned: boolean;
  readonly connection: EmbeddedConnection;
}

/** Another process on the same data; as another user where one is given. */
async function startElsewhere(user?: {
  uid: number;
  gid: number;
}): Promise<{ child: ChildProcess; report: Report }> {
  const program = join(import.meta.dirname, 'supervisor.test-process.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, data], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    ...user,
  });
  children.push(child);
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, report: JSON.parse(line) as Report };
  }
  throw new Error(`the other process ended without an answer: ${complaint}`);
}

async function query(connection: EmbeddedConnection, sql: string): Promise<unknown[]> {
  const client = new Client({ ...connection });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

async function postmaster(): Promise<number> {
  const pid = await findPostmaster(join(data, 'postgres'));
  if (pid === null) throw new Error('no server runs');
  return pid;
}

async function untilGone(pid: number): Promise<void> {
  await vi.waitFor(() => expect(inspectProcess(pid).state).toBe('gone'), { timeout: 30_000, interval: 20 });
}

describe('one process', () => {
  test('a first start makes a cluster that only its socket leads to, with durable settings', async () => {
    expect(await probeEmbeddedPostgres(data)).toBe(null);
    const postgres = await start();
    expect(postgres.owned).toBe(true);
    expect(postgres.version).toMatch(/^1[678]\./);
    expect(postgres.connection).toMatchObject({ user: 'inbox', database: 'inbox' });
    expect(await probeEmbeddedPostgres(data)).toEqual(postgres.connection);
    const settings = ['listen_addresses', 'fsync', 'full_page_writes', 'synchronous_commit', 'jit'];
    const shown = settings.map((name) => `current_setting('${name}')`).join(', ');
    expect(await query(postgres.connection, `select ${shown}`)).toEqual(['', 'on', 'on', 'on', 'off']);
    expect(
      await query(
        postgres.connection,
        "select datlocprovider::text || ' ' || datlocale from pg_database where datname = 'inbox'",
      ),
    ).toEqual(['b C.UTF-8']);
    const run = statSync(postgres.connection.host);
    expect([run.uid, run.mode & 0o777]).toEqual([serverUser.uid, 0o700]);
    const cluster = statSync(join(data, 'postgres'));
    expect([cluster.uid, cluster.mode & 0o777]).toEqual([serverUser.uid, 0o700]);
    expect(readdirSync(data).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  test('after a stop the data are there again, and stopping twice is no error', async () => {
    makeReadyData(data);
    const first = await start();
    await query(first.connection, 'create table kept as select 42 as answer');
    await first.stop();
    await first.stop();
    expect(await probeEmbeddedPostgres(data)).toBe(null);
    await expect(first.ensureRunning()).rejects.toMatchObject({ code: 'database_unreachable' });
    const second = await start();
    expect(await query(second.connection, 'select answer from kept')).toEqual([42]);
  });

  test('a killed server is told and replaced, its committed rows are kept', async () => {
    makeReadyData(data);
    const postgres = await start();
    const exit = new Promise((resolve) => postgres.onExit(resolve));
    await query(postgres.connection, 'create table kept as select 42 as answer');
    process.kill(await postmaster(), 'SIGKILL');
    expect(await exit).toMatchObject({ signal: 'SIGKILL' });
    expect(postgres.owned).toBe(false);
    await Promise.all([postgres.ensureRunning(), postgres.ensureRunning()]);
    expect(postgres.owned).toBe(true);
    expect(await query(postgres.connection, 'select answer from kept')).toEqual([42]);
  });

  test('what a starter left that was killed while making the cluster is cleared away', async () => {
    mkdirSync(data, { mode: 0o711 });
    const gone = spawn('true');
    await once(gone, 'exit');
    const left = join(data, `postgres.new-${gone.pid}-abcd`);
    const another = join(data, `postgres.new-${process.pid}-abcd`);
    mkdirSync(left);
    mkdirSync(another);
    await start();
    expect([existsSync(left), existsSync(another)]).toEqual([false, true]);
  });

  test('refuses data of another major version and a folder that is no database', async () => {
    const cluster = join(data, 'postgres');
    mkdirSync(cluster, { recursive: true });
    chmodSync(data, 0o711);
    writeFileSync(join(cluster, 'notes.txt'), 'mine');
    await expect(start()).rejects.toMatchObject({ code: 'database_unsupported' });
    expect(readFileSync(join(cluster, 'notes.txt'), 'utf8')).toBe('mine');
    writeFileSync(join(cluster, 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow(/made by PostgreSQL 15, but the PostgreSQL here is 18/);
  });

  test('a server that cannot start says why, in its own words', async () => {
    makeReadyData(data);
    const postgres = await start();
    await postgres.stop();
    writeFileSync(join(data, 'postgres/postgresql.conf'), 'work_mem = plenty\n');
    await expect(start()).rejects.toThrow(/invalid value for parameter "work_mem": "plenty"/);
  });

  test('refuses a folder of binaries that does not hold a PostgreSQL that runs', async () => {
    const options = { dataDirectory: data, binariesDirectory: home };
    await expect(startEmbeddedPostgres(options)).rejects.toMatchObject({ code: 'database_binaries_missing' });
  });
});

describe('a postmaster.pid left behind', () => {
  /** A cluster that was stopped, with a pid file as if the server had been killed. */
  async function stoppedClusterNaming(pid: number): Promise<void> {
    makeReadyData(data);
    const postgres = await start();
    const text = readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8');
    await postgres.stop();
    const path = join(data, 'postgres/postmaster.pid');
    writeFileSync(path, text.replace(/^\d+/, String(pid)), { mode: 0o600 });
    if (isRoot) chownSync(path, NOBODY.uid, NOBODY.gid);
  }

  test('its number now belongs to another live process of the same user: taken over', async () => {
    const stranger = spawn('sleep', ['600'], { ...(isRoot ? NOBODY : {}) });
    children.push(stranger);
    await stoppedClusterNaming(stranger.pid ?? 0);
    expect((await start()).owned).toBe(true);
  });

  test('its number now belongs to the server of other data: taken over', async () => {
    makeReadyData(join(home, 'other'));
    const other = await startEmbeddedPostgres({ dataDirectory: join(home, 'other') });
    try {
      const pid = await findPostmaster(join(home, 'other/postgres'));
      await stoppedClusterNaming(pid ?? 0);
      expect((await start()).owned).toBe(true);
      expect(await findPostmaster(join(home, 'other/postgres'))).toBe(pid);
    } finally {
      await other.stop();
    }
  });

  test.runIf(process.platform === 'linux')(
    'a session that outlived its killed server: the file stays and a start waits',
    async () => {
      makeReadyData(data);
      const postgres = await start();
      const session = new Client({ ...postgres.connection });
      session.on('error', () => undefined);
      await session.connect();
      const answer = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
      const busy = session
        .query('select count(*) from generate_series(1, 100000000000)')
        .catch(() => 'cut off');
      const server = await postmaster();
      const exit = new Promise((resolve) => postgres.onExit(resolve));
      process.kill(server, 'SIGKILL');
      await exit;
      expect(await clearStalePostmasterFile(join(data, 'postgres'))).toEqual({
        kind: 'orphans',
        pid: server,
      });
      expect(existsSync(join(data, 'postgres/postmaster.pid'))).toBe(true);
      const restarted = postgres.ensureRunning();
      process.kill(answer.rows[0]?.pid ?? 0, 'SIGKILL');
      expect(await busy).toBe('cut off');
      await restarted;
      expect(postgres.owned).toBe(true);
    },
  );

  test('its number belongs to a zombie: taken over', async () => {
    // A shell that has become `sleep` never asks how its child ended.
    const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], { ...(isRoot ? NOBODY : {}) });
    children.push(parent);
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    await vi.waitFor(
      () => expect(inspectProcess(parent.pid ?? 0)).toMatchObject({ program: 'sleep' }),
      30_000,
    );
    process.kill(Number(line), 'SIGKILL');
    await vi.waitFor(
      () => expect(inspectProcess(Number(line))).toEqual({ state: 'gone', zombie: true }),
      30_000,
    );
    await stoppedClusterNaming(Number(line));
    expect((await start()).owned).toBe(true);
  });
});

describe('several processes', () => {
  test('five at once on an empty folder: one server, and all are connected to it', async () => {
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => startElsewhere()));
    expect(all.filter(({ report }) => report.owned)).toHaveLength(1);
    for (const { report } of all) {
      expect(await query(report.connection, "select current_setting('data_directory')")).toEqual([
        join(data, 'postgres'),
      ]);
    }
    expect(readdirSync(data).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  test('an adopted server is left alone by stop and replaced when its owner ends', async () => {
    makeReadyData(data);
    const { child, report } = await startElsewhere();
    const adopter = await start();
    expect([report.owned, adopter.owned]).toEqual([true, false]);
    const theirs = await postmaster();
    const passing = await startEmbeddedPostgres({ dataDirectory: data });
    await passing.stop();
    expect(await postmaster()).toBe(theirs);

    child.stdin?.end();
    await untilGone(theirs);
    await adopter.ensureRunning();
    expect(adopter.owned).toBe(true);
    expect(await postmaster()).not.toBe(theirs);
  });

  test('of several that replace a lost server one owns the new one, and none is told that it ended', async () => {
    makeReadyData(data);
    const { child } = await startElsewhere();
    const adopters = await Promise.all([start(), start(), start()]);
    let told = 0;
    for (const adopter of adopters) {
      adopter.onExit(() => {
        told += 1;
      });
    }
    const theirs = await postmaster();
    child.stdin?.end();
    await untilGone(theirs);
    await Promise.all(adopters.map((adopter) => adopter.ensureRunning()));
    const owners = adopters.filter(({ owned }) => owned);
    expect(owners).toHaveLength(1);
    await owners[0]?.stop();
    expect(told).toBe(0);
  });

  test.runIf(process.platform === 'linux')(
    'an owner that is killed takes the server along, cleanly, and what was committed is there',
    async () => {
      makeReadyData(data);
      const { child, report } = await startElsewhere();
      await query(report.connection, 'create table kept as select 42 as answer');
      const server = await postmaster();
      child.kill('SIGKILL');
      await untilGone(server);
      expect(existsSync(join(data, 'postgres/postmaster.pid'))).toBe(false);
      const postgres = await start();
      expect(await query(postgres.connection, 'select answer from kept')).toEqual([42]);
    },
  );

  test('the server has a session of its own, so that Ctrl-C reaches the application only', async () => {
    makeReadyData(data);
    const { child } = await startElsewhere();
    const session = (pid: number): string =>
      execFileSync('ps', ['-o', 'sid=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const server = await postmaster();
    expect(session(server)).not.toBe(session(child.pid ?? 0));
  });

  test('stopEmbeddedPostgres ends the server of another process, and says when there is none', async () => {
    makeReadyData(data);
    expect(await stopEmbeddedPostgres(data)).toBe(false);
    await startElsewhere();
    expect(await stopEmbeddedPostgres(data)).toBe(true);
    expect(await probeEmbeddedPostgres(data)).toBe(null);
    expect(await stopEmbeddedPostgres(data)).toBe(false);
  });
});

describe.runIf(reachable)('users', () => {
  test.each([
    ['nobody', NOBODY],
    ['a user without a name', NAMELESS],
  ])('%s starts a server of its own, and root adopts it', async (_name, user) => {
    mkdirSync(data, { mode: 0o700 });
    chownSync(data, user.uid, user.gid);
    const { report } = await startElsewhere(user);
    expect(report.owned).toBe(true);
    expect(statSync(join(data, 'postgres')).uid).toBe(user.uid);
    const root = await start();
    expect([root.owned, root.connection]).toEqual([false, report.connection]);
  });

  test('root runs the cluster of another user as that user, who can go on with it', async () => {
    mkdirSync(data, { mode: 0o700 });
    chownSync(data, NAMELESS.uid, NAMELESS.gid);
    const theirs = await startElsewhere(NAMELESS);
    theirs.child.stdin?.end();
    await once(theirs.child, 'exit');
    const root = await start();
    expect(root.owned).toBe(true);
    expect(statSync(`/proc/${await postmaster()}`).uid).toBe(NAMELESS.uid);
    await root.stop();
    expect((await startElsewhere(NAMELESS)).report.owned).toBe(true);
  });

  test('root makes the whole way to the data such that the database user can pass it', async () => {
    const deep = join(data, 'several', 'folders', 'down');
    const postgres = await startEmbeddedPostgres({ dataDirectory: deep });
    started.push(postgres);
    expect(postgres.owned).toBe(true);
    expect([data, deep].map((path) => statSync(path).mode & 0o777)).toEqual([0o711, 0o711]);
  });

  test('root is told when the way to the data is closed to the database user', async () => {
    chmodSync(home, 0o700);
    await expect(start()).rejects.toThrow(/user 65534, who runs the database, cannot enter/);
  });
});
