import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { openPool } from './database.ts';
import { migrate } from './migrate.ts';
import { dumpSchema } from './schema.ts';

const SHIPPED = new URL('./migrations/', import.meta.url);

describe('migrations', () => {
  let empty: TestDatabase;
  const folders: string[] = [];
  beforeEach(async () => {
    empty = await createTestDatabase('template0');
  });
  afterEach(async () => {
    await empty.drop();
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  /** The program's migrations and some more. */
  async function withMore(more: Readonly<Record<string, string>>): Promise<URL> {
    const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    folders.push(folder);
    await cp(fileURLToPath(SHIPPED), folder, { recursive: true });
    for (const [name, sql] of Object.entries(more)) await writeFile(join(folder, name), sql);
    return pathToFileURL(`${folder}/`);
  }

  test('are applied once when six programs start at once on an empty database', async () => {
    const pools = Array.from({ length: 6 }, () => openPool(empty.address, { max: 1 }));
    const applied = await Promise.all(pools.map((pool) => migrate(pool)));
    for (const pool of pools) await pool.end();
    const [first, ...others] = applied.filter((names) => names.length > 0);
    expect(first?.[0]).toBe('0001_first.sql');
    expect(others).toEqual([]);
    const full = await createTestDatabase();
    try {
      expect(await dumpSchema(empty.pool)).toBe(await dumpSchema(full.pool));
    } finally {
      await full.drop();
    }
  });

  test('leave nothing to do for the next start', async () => {
    await migrate(empty.pool);
    const before = await dumpSchema(empty.pool);
    expect(await migrate(empty.pool)).toEqual([]);
    expect(await dumpSchema(empty.pool)).toBe(before);
  });

  test('do without the indexes of words and services where the extensions can not be had', async () => {
    const user = 'without_extensions';
    await empty.pool.query(
      `do $$ begin create role ${user} login; exception when duplicate_object then null; end $$`,
    );
    await empty.pool.query(`grant create on schema public to ${user}`);
    const pool = openPool({ ...empty.address, user }, { max: 1 });
    try {
      await migrate(pool);
    } finally {
      await pool.end();
    }
    const full = await createTestDatabase();
    try {
      const index = /^.* (?:issue_text_words|resource_services|resource_words) .*\n/gm;
      const schema = await dumpSchema(full.pool);
      expect(schema).toMatch(index);
      expect(await dumpSchema(empty.pool)).toBe(schema.replace(index, ''));
    } finally {
      await full.drop();
    }
  });

  test('bring what is kept of scans over to findings', async () => {
    await empty.pool.query(
      'create table migration (number integer primary key, name text not null, applied_at timestamptz not null)',
    );
    await empty.pool.query(await readFile(new URL('migrations/0001_first.sql', import.meta.url), 'utf8'));
    await empty.pool.query("insert into migration values (1, '0001_first.sql', now())");
    const [own, moved, finding] = [1, 2, 3].map((digit) => `00000000-0000-0000-0000-00000000000${digit}`);
    await empty.pool.query(
      `insert into rekeyed (shard, own, fingerprint, resource_key, identity, at) values (1024, $1, $2, 'r', '{}', now())`,
      [moved, finding],
    );
    const change = (fingerprint: string | undefined, kept: object | null) =>
      empty.pool.query(
        `insert into scan_change (shard, scope_id, scan_id, fingerprint, covers, finding) values (1024, 7, 'scan', $1, '{}', $2)`,
        [fingerprint, kept],
      );
    await change(own, { is_open: true });
    await change(moved, { is_open: false, closed_why: 'fixed' });
    await change(finding, null);
    await migrate(empty.pool);
    const kept = await empty.pool.query('select fingerprint, before from scan_finding order by fingerprint');
    expect(kept.rows).toEqual([
      { fingerprint: own, before: { is_open: true } },
      { fingerprint: finding, before: { is_open: false, closed_why: 'fixed' } },
    ]);
  });

  test('refuse a database that a newer program wrote, and change nothing', async () => {
    await migrate(empty.pool);
    await empty.pool.query(
      `insert into migration (number, name, applied_at) values (9999, '9999_future.sql', now())`,
    );
    await empty.pool.query('drop table event');
    const before = await dumpSchema(empty.pool);
    await expect(migrate(empty.pool)).rejects.toMatchObject({
      code: 'database_newer',
      message: expect.stringMatching(
        /they hold 9999_future\.sql, and \d{4}_[a-z-]+\.sql is the newest .* Start the newer/,
      ),
    });
    expect(await dumpSchema(empty.pool)).toBe(before);
  });

  test('refuse a database to which another file of one number was applied, and change nothing', async () => {
    await migrate(empty.pool);
    await empty.pool.query("update migration set name = '0001_other.sql' where number = 1");
    const folder = await withMore({ '9000_next.sql': 'create table next_thing (id bigint)' });
    const before = await dumpSchema(empty.pool);
    await expect(migrate(empty.pool, { folder })).rejects.toMatchObject({
      code: 'database_unsupported',
      message: expect.stringMatching(/expected 0001_first\.sql .* found 0001_other\.sql\. Start the program/),
    });
    expect(await dumpSchema(empty.pool)).toBe(before);
  });

  test('refuse a database of which one in the middle was left out', async () => {
    const folder = await withMore({ '9000_next.sql': '', '9001_more.sql': '' });
    await migrate(empty.pool, { folder });
    await empty.pool.query('delete from migration where number = 9000');
    await expect(migrate(empty.pool, { folder })).rejects.toMatchObject({
      code: 'database_unsupported',
      message: expect.stringContaining('found 9001_more.sql'),
    });
  });

  test.each([
    ['a column', 'alter table event drop column subject', '"subject text not null" in the table event'],
    [
      'a type',
      'alter table event alter column verb type varchar(9)',
      '"verb text not null" in the table event',
    ],
    ['a table', 'drop table event', 'in the table event'],
    ['a constraint', 'alter table event drop constraint event_pkey', '"constraint event_pkey PRIMARY KEY'],
  ])('refuse a database that an edited form made without %s', async (_what, sql, found) => {
    await migrate(empty.pool);
    // As a program that did not look left it.
    await empty.pool.query(`comment on table migration is null; ${sql}`);
    const before = await dumpSchema(empty.pool);
    const folder = await withMore({ '9000_next.sql': 'create table next_thing (id bigint)' });
    for (const options of [{}, { folder }])
      await expect(migrate(empty.pool, options)).rejects.toMatchObject({
        code: 'database_unsupported',
        message: expect.stringContaining(found),
      });
    expect(await dumpSchema(empty.pool)).toBe(before);
  });

  test('take what an operator added, and indexes that are gone', async () => {
    await migrate(empty.pool);
    const { rows } = await empty.pool.query<{ name: string }>(
      `select indexrelid::regclass::text as name from pg_index
       where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) and not indisunique limit 1`,
    );
    await empty.pool.query(`comment on table migration is null; drop index ${rows[0]?.name};
      create table theirs (id bigint); create index theirs_too on event (shard, actor); alter table event add column theirs text`);
    expect(await migrate(empty.pool)).toEqual([]);
  });

  test('are applied all or not at all, and say which one failed', async () => {
    await migrate(empty.pool);
    const before = await dumpSchema(empty.pool);
    const folder = await withMore({
      '9000_next.sql': 'create table next_thing (id bigint)',
      '9001_broken.sql': 'create table half (id bigint); alter table nothing add column x text',
    });
    await expect(migrate(empty.pool, { folder })).rejects.toMatchObject({
      code: 'database_unsupported',
      message: expect.stringMatching(
        /9001_broken\.sql expects .*: relation "nothing" does not exist\. Nothing was changed/,
      ),
    });
    expect(await dumpSchema(empty.pool)).toBe(before);
    await writeFile(new URL('9001_broken.sql', folder), 'create table half (id bigint)');
    expect(await migrate(empty.pool, { folder })).toEqual(['9000_next.sql', '9001_broken.sql']);
  });

  test('tell before they change a database that is in use, and only then', async () => {
    const told: (readonly string[])[] = [];
    const beforeUpgrade = async (_session: unknown, missing: readonly string[]) => {
      told.push(missing);
    };
    await migrate(empty.pool, { beforeUpgrade });
    await migrate(empty.pool, { beforeUpgrade });
    expect(told).toEqual([]);
    const folder = await withMore({ '9000_next.sql': 'create table next_thing (id bigint)' });
    const no = () => Promise.reject(new Error('no'));
    await expect(migrate(empty.pool, { folder, beforeUpgrade: no })).rejects.toThrow('no');
    expect(await migrate(empty.pool, { folder, beforeUpgrade })).toEqual(['9000_next.sql']);
    expect(told).toEqual([['9000_next.sql']]);
  });

  test('bring a database of the first one with data up to date', async () => {
    const first = '0001_first.sql';
    await empty.pool.query(await readFile(new URL(first, SHIPPED), 'utf8'));
    await empty.pool.query(
      'create table migration (number integer primary key, name text not null, applied_at timestamptz not null)',
    );
    await empty.pool.query('insert into migration values (1, $1, now())', [first]);
    await empty.pool.query(
      `insert into source (organisation, id, name, tool, is_named, created_at) values (1, 'a', 'nightly', 'trivy', true, now())`,
    );
    await migrate(empty.pool);
    const { rows } = await empty.pool.query('select id, name from source');
    expect(rows).toEqual([{ id: 'a', name: 'nightly' }]);
    const full = await createTestDatabase();
    try {
      expect(await dumpSchema(empty.pool)).toBe(await dumpSchema(full.pool));
    } finally {
      await full.drop();
    }
  });
});
