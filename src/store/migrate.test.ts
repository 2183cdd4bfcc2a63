import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { openPool } from './database.ts';
import { migrate } from './migrate.ts';
import { dumpSchema } from './schema.ts';

describe('migrations', () => {
  let empty: TestDatabase;
  beforeEach(async () => {
    empty = await createTestDatabase('template0');
  });
  afterEach(() => empty.drop());

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

  test('do without the index of words where the extensions can not be had', async () => {
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
      const index = /^.* issue_text_words .*\n/m;
      const schema = await dumpSchema(full.pool);
      expect(schema).toMatch(index);
      expect(await dumpSchema(empty.pool)).toBe(schema.replace(index, ''));
    } finally {
      await full.drop();
    }
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
      message: expect.stringContaining('9999'),
    });
    expect(await dumpSchema(empty.pool)).toBe(before);
  });
});
