import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeReadyData } from '../../../test/support/ready-cluster.ts';
import { openPool, type Pool } from '../database.ts';
import { migrate } from '../migrate.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './supervisor.ts';
import { findPostmaster } from './take-over.ts';
import { backUpBeforeUpgrade } from './upgrade-backup.ts';

const FIRST = '0001_first.sql';
const SHIPPED = new URL('../migrations/', import.meta.url);
const NOW = Date.UTC(2026, 10, 28, 12, 30, 15, 7);
const NEXT = '9000_next.sql';
const NEXT_SQL = 'create table next_thing as select count(*) as sources from source';

let home: string;
let data: string;
/** The program's migrations and one more, whatever the program's are. */
let migrations: string;
const servers: EmbeddedPostgres[] = [];
const pools: Pool[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'inbox upgrade '));
  chmodSync(home, 0o711);
  data = join(home, 'data');
  migrations = join(home, 'migrations');
  cpSync(fileURLToPath(SHIPPED), migrations, { recursive: true });
  writeFileSync(join(migrations, NEXT), NEXT_SQL);
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  for (const pool of pools.splice(0)) await pool.end();
  for (const server of servers.splice(0)) await server.stop();
  await vi.waitFor(async () => expect(await findPostmaster(join(data, 'postgres'))).toBe(null), 30_000);
  rmSync(home, { recursive: true, force: true });
});

async function start(dataDirectory = data): Promise<{ server: EmbeddedPostgres; pool: Pool }> {
  if (!existsSync(dataDirectory)) makeReadyData(dataDirectory);
  const server = await startEmbeddedPostgres({ dataDirectory });
  servers.push(server);
  const pool = openPool(server.connection);
  pools.push(pool);
  return { server, pool };
}

async function stop(): Promise<void> {
  for (const pool of pools.splice(0)) await pool.end();
  for (const server of servers.splice(0)) await server.stop();
}

/** A database as the first program left it, with data. */
async function startFirst(): Promise<{ server: EmbeddedPostgres; pool: Pool }> {
  const started = await start();
  const { pool } = started;
  await pool.query(readFileSync(new URL(FIRST, SHIPPED), 'utf8'));
  await pool.query(
    'create table migration (number integer primary key, name text not null, applied_at timestamptz not null)',
  );
  await pool.query('insert into migration values (1, $1, $2)', [FIRST, new Date(NOW)]);
  await pool.query('create table kept as select n as id from generate_series(1, 1000) as n');
  return started;
}

interface Upgraded {
  readonly applied: readonly string[];
  /** How to go back, once for each copy. */
  readonly said: readonly string[];
}

async function upgrade(pool: Pool, now = NOW): Promise<Upgraded> {
  const said: string[] = [];
  const applied = await migrate(pool, {
    folder: pathToFileURL(`${migrations}/`),
    beforeUpgrade: async (session, missing) => {
      said.push(await backUpBeforeUpgrade(session, { dataDirectory: data, missing, now }));
    },
  });
  return { applied, said };
}

/** The same by a process of its own. */
function upgradeElsewhere(): ChildProcess {
  const program = join(import.meta.dirname, 'upgrade-backup.test-process.ts');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, data, migrations],
    {
      cwd: '/',
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  children.push(child);
  return child;
}

const backups = (): string[] =>
  existsSync(join(data, 'backups')) ? readdirSync(join(data, 'backups')).sort() : [];

async function answer(pool: Pool, sql: string): Promise<unknown[]> {
  return (await pool.query({ text: sql, rowMode: 'array' })).rows.flat();
}

const pending = () =>
  readdirSync(migrations)
    .filter((name) => name !== FIRST)
    .sort();
const backupName = () => `20261128T123015007Z-before-${pending()[0]?.slice(0, 4)}`;

test('a database in use is copied before it is changed, and the copy is the way back', async () => {
  const { pool } = await startFirst();
  const { applied, said } = await upgrade(pool);
  expect(applied).toEqual(pending());
  expect(backups()).toEqual([backupName()]);
  const backup = join(data, 'backups', backupName());
  expect(said).toEqual([expect.stringContaining(`copied to ${backup}. To go back`)]);
  expect(readFileSync(join(backup, 'README.txt'), 'utf8')).toBe(`${said[0]}\n`);
  for (const private_ of [join(data, 'backups'), join(backup, 'postgres')])
    expect(statSync(private_).mode & 0o777).toBe(0o700);
  expect(statSync(join(backup, 'postgres')).uid).toBe(statSync(join(data, 'postgres')).uid);
  expect(await upgrade(pool)).toEqual({ applied: [], said: [] });
  await pool.query('drop table kept');

  await stop();
  renameSync(join(data, 'postgres'), join(data, 'postgres.newer'));
  execFileSync('cp', ['-a', join(backup, 'postgres'), join(data, 'postgres')]);
  const back = await start();
  expect(await answer(back.pool, 'select name from migration')).toEqual([FIRST]);
  expect(await answer(back.pool, 'select count(*), max(id) from kept')).toEqual([1000n, 1000]);
  expect((await upgrade(back.pool, NOW + 1)).applied).toEqual(pending());
  expect(backups()).toHaveLength(2);
});

test('an empty database, and one that is up to date, are not copied', async () => {
  const { pool } = await start();
  expect((await upgrade(pool)).said).toEqual([]);
  expect((await upgrade(pool)).applied).toEqual([]);
  expect(backups()).toEqual([]);
});

test('a copy that is made while others write is whole', async () => {
  const { pool } = await startFirst();
  await pool.query('create table written (id bigint primary key)');
  let isCopied = false;
  let acknowledged = 0;
  const writing = (async () => {
    for (; !isCopied; acknowledged += 100)
      await pool.query('insert into written select $1::bigint + n from generate_series(1, 100) as n', [
        acknowledged,
      ]);
  })();
  await vi.waitFor(() => expect(acknowledged).toBeGreaterThan(0));
  const before = acknowledged;
  const session = await pool.connect();
  await backUpBeforeUpgrade(session, { dataDirectory: data, missing: [NEXT], now: NOW });
  session.release();
  isCopied = true;
  await writing;
  await stop();
  const copy = join(home, 'copy');
  mkdirSync(copy);
  chmodSync(copy, 0o711);
  renameSync(join(data, 'backups', '20261128T123015007Z-before-9000', 'postgres'), join(copy, 'postgres'));
  const { pool: copied } = await start(copy);
  // Recovered from where the copy began, and not from what the cluster last noted itself.
  expect(existsSync(join(copy, 'postgres', 'backup_label.old'))).toBe(true);
  const [count, last] = (await answer(copied, 'select count(*), max(id) from written')) as bigint[];
  expect(count).toBe(last);
  expect(Number(count)).toBeGreaterThanOrEqual(before);
  expect(Number(count) % 100).toBe(0);
});

test('nothing is changed without a copy; two that start at once make one; the last three are kept', async () => {
  const { pool } = await startFirst();
  writeFileSync(join(data, 'backups'), 'in the way');
  await expect(upgrade(pool)).rejects.toMatchObject({
    code: 'backup_failed',
    message: expect.stringMatching(/could not be copied to .*they were left as they are/),
  });
  expect(await answer(pool, 'select name from migration')).toEqual([FIRST]);
  rmSync(join(data, 'backups'));

  const older = ['2025-01-01', '2025-02-01', '2025-03-01'].map(
    (day) => `${day.replaceAll('-', '')}T000000000Z-before-0002`,
  );
  for (const name of [...older, 'mine']) mkdirSync(join(data, 'backups', name, 'in'), { recursive: true });
  const both = await Promise.all([upgrade(pool), upgrade(pool)]);
  expect(both.flatMap(({ applied }) => applied)).toEqual(pending());
  expect(both.flatMap(({ said }) => said)).toHaveLength(1);
  expect(backups()).toEqual([...older.slice(1), backupName(), 'mine'].sort());
});

test('a start goes on after ones that were killed while they copied and while they changed the data', async () => {
  await startFirst();
  await stop();
  const copying = upgradeElsewhere();
  await vi.waitFor(
    () => expect(existsSync(join(data, 'backups', 'unfinished', 'postgres', 'base'))).toBe(true),
    { timeout: 60_000, interval: 2 },
  );
  copying.kill('SIGKILL');
  await once(copying, 'exit');
  expect(backups()).toEqual(['unfinished']);

  // A lock that is held in the database, so that whoever migrates stands in the middle of it.
  writeFileSync(join(migrations, NEXT), `${NEXT_SQL}; select pg_advisory_lock(4242)`);
  const { pool } = await start();
  const holder = await pool.connect();
  try {
    await holder.query('select pg_advisory_lock(4242)');
    const changing = upgradeElsewhere();
    const waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted";
    await vi.waitFor(async () => expect(await answer(pool, waiting)).toEqual([1n]), {
      timeout: 120_000,
      interval: 20,
    });
    changing.kill('SIGKILL');
    await once(changing, 'exit');
  } finally {
    holder.release(true);
  }
  expect(backups()).toEqual([expect.stringMatching(/-before-/)]);

  writeFileSync(join(migrations, NEXT), NEXT_SQL);
  expect((await upgrade(pool)).applied).toEqual(pending());
  expect(await answer(pool, 'select count(*) from next_thing')).toEqual([1n]);
  expect(await answer(pool, 'select count(*) from kept')).toEqual([1000n]);
  expect(backups()).toHaveLength(2);
});
