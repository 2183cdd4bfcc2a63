import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { dumpSchema } from './schema.ts';

/** Tables that stay small, or are the same for everybody, so that they lie whole on every node. Every other one is large and has a shard. */
const WITHOUT_SHARD = new Map([
  ['migration', 'one row per migration'],
  ['organisation', 'one row per organisation'],
  ['source', 'what people configured'],
  ['scope', 'what sources look at'],
  ['alias', 'one row per name that is known beside another'],
  ['scan', 'one row per accepted scan'],
  ['signal_coverage', 'one row per source and place'],
  ['admission_rule', 'one row per rule of admission that people changed or wrote'],
  ['control_edit', 'one row per control that people changed'],
  ['network', 'one row per range that people called their own'],
  ['admission_rule', 'one row per rule that people switched or cloned'],
  ['person', 'people'],
  ['sign_in_link', 'one row per link that is handed out'],
  ['session', 'one row per person who is signed in'],
  ['api_token', 'one row per program'],
  ['kept_answer', 'one row per request that may be repeated, for a week'],
  ['attack_path_search', 'one row per organisation'],
  ['advisory_rating', 'one row per advisory that people rated'],
  ['feed', 'one row per feed'],
  ['feed_kev', 'one row per advisory, the same for every organisation'],
  ['feed_epss', 'one row per advisory, the same for every organisation'],
  ['feed_exploitdb', 'one row per advisory, the same for every organisation'],
  ['feed_metasploit', 'one row per advisory, the same for every organisation'],
  ['feed_nuclei', 'one row per advisory, the same for every organisation'],
  ['feed_nvd', 'one row per advisory, the same for every organisation'],
]);

describe('the schema', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const names = async (sql: string) =>
    (await database.pool.query<{ name: string }>(sql)).rows.map((row) => row.name);

  test('gives every table a shard, but the small ones', async () => {
    const without = await names(`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and not exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'shard' and attnotnull and atttypid = 'bigint'::regtype)`);
    expect(without.sort()).toEqual([...WITHOUT_SHARD.keys()].sort());
  });

  test('puts the shard first in every index of a large table, unique or not', async () => {
    const others = await names(`
      select index.relname as name from pg_index
        join pg_class as index on index.oid = indexrelid
        join pg_class as tables on tables.oid = indrelid and tables.relnamespace = 'public'::regnamespace
        join pg_attribute as shard on shard.attrelid = indrelid and shard.attname = 'shard'
      where indkey[0] <> shard.attnum`);
    expect(others).toEqual([]);
  });

  test('gives every table a primary key', async () => {
    expect(
      await names(
        `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not exists (select from pg_index where indrelid = pg_class.oid and indisprimary)`,
      ),
    ).toEqual([]);
  });

  test('has no triggers, and none of its own functions', async () => {
    expect(await names('select tgname as name from pg_trigger where not tgisinternal')).toEqual([]);
    expect(
      await names(`select proname as name from pg_proc where pronamespace = 'public'::regnamespace`),
    ).toEqual([]);
  });

  test('orders the ids of issues by bytes, whatever the locale of the database', async () => {
    expect(await dumpSchema(database.pool)).toMatch(
      /^create table issue \(\n {2}shard bigint not null,\n {2}id text collate "C" not null,$/m,
    );
  });

  test('is the one that is committed as schema.sql (tools/dump-schema.ts writes it)', async () => {
    expect(await dumpSchema(database.pool)).toBe(
      await readFile(new URL('schema.sql', import.meta.url), 'utf8'),
    );
  });
});
