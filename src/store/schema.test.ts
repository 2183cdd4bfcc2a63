import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { DANGLING } from './attackpath/load-dangling.ts';
import { PIPELINE_FLAW } from './attackpath/load-pipelines.ts';
import { SERVED } from './attackpath/served-buckets.ts';
import type { Queryable } from './database.ts';
import { dumpSchema } from './schema.ts';

/** Tables that stay small, or are the same for everybody, so that they lie whole on every node. Every other one is large and has a shard. */
const WITHOUT_SHARD = new Map([
  ['migration', 'one row per migration'],
  ['organisation', 'one row per organisation'],
  ['source', 'what people configured'],
  ['scope', 'what sources look at'],
  ['alias', 'one row per name that is known beside another'],
  ['scan', 'one row per accepted scan'],
  ['receiver', 'one row per tracker and webhook that people added, 100 at most'],
  ['watch', 'one row per place that people had watched'],
  ['signal_coverage', 'one row per source and place'],
  ['admission_rule', 'one row per rule of admission that people changed or wrote'],
  ['control_edit', 'one row per control that people changed'],
  ['network', 'one row per range that people called their own'],
  ['owner_preference', 'one row per tag, name and resource of which people said whose it is'],
  ['report_mapping', 'one row per mapping that people keep, 200 at most'],
  ['admission_rule', 'one row per rule that people switched or cloned'],
  ['person', 'people'],
  ['sign_in_link', 'one row per link that is handed out'],
  ['session', 'one row per person who is signed in'],
  ['shared_view', 'one row per list that people share'],
  ['api_token', 'one row per program'],
  ['kept_answer', 'one row per request that may be repeated, for a week'],
  ['attack_path_search', 'one row per organisation'],
  ['automation_rule', 'one row per rule that people wrote, 500 at most'],
  ['advisory_rating', 'one row per advisory that people rated'],
  ['format_memory', 'one row per format that keeps something of an import for the next'],
  ['feed', 'one row per feed'],
  ['feed_kev', 'one row per advisory, the same for every organisation'],
  ['feed_epss', 'one row per advisory, the same for every organisation'],
  ['feed_exploitdb', 'one row per advisory, the same for every organisation'],
  ['feed_metasploit', 'one row per advisory, the same for every organisation'],
  ['feed_emerging', 'one row per advisory, the same for every organisation'],
  ['feed_nuclei', 'one row per advisory, the same for every organisation'],
  ['feed_nvd', 'one row per advisory, the same for every organisation'],
  ['feed_osv', 'one row per advisory and package, the same for every organisation'],
  ['feed_ghsa', 'one row per advisory and package, the same for every organisation'],
]);

const WITHOUT_SHARD_SQL = `
  select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    and not exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'shard' and attnotnull and atttypid = 'bigint'::regtype)`;

/** Storage §14: what breaks a rule is listed by its first statement, and made by its second. */
const RULES = [
  {
    rule: 'the shard stands first in every index of a large table, unique or not',
    exceptions: `
      select index.relname as name from pg_index
        join pg_class as index on index.oid = indexrelid
        join pg_class as tables on tables.oid = indrelid and tables.relnamespace = 'public'::regnamespace
        join pg_attribute as shard on shard.attrelid = indrelid and shard.attname = 'shard'
      where indkey[0] <> shard.attnum`,
    breach: 'create index planted on issue (id, shard)',
  },
  {
    rule: 'every table has a primary key',
    exceptions: `
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and not exists (select from pg_index where indrelid = pg_class.oid and indisprimary)`,
    breach: 'create table planted (shard bigint not null)',
  },
  {
    rule: 'no table refers to a large one, or from one, without the shard',
    exceptions: `
      select conname as name from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
        and exists (select from pg_attribute where attrelid in (conrelid, confrelid) and attname = 'shard')
        and not exists (
          select from unnest(conkey, confkey) as pair (own, other)
          join pg_attribute as here on here.attrelid = conrelid and here.attnum = own and here.attname = 'shard'
          join pg_attribute as there on there.attrelid = confrelid and there.attnum = other and there.attname = 'shard')`,
    breach:
      'create table planted (id bigint primary key); alter table sighting add foreign key (scope_id) references planted (id)',
  },
  {
    rule: 'there is no trigger',
    exceptions: 'select tgname as name from pg_trigger where not tgisinternal',
    breach:
      'create trigger planted before update on issue for each row execute function suppress_redundant_updates_trigger()',
  },
  {
    rule: 'there is no function or procedure',
    exceptions: `select proname as name from pg_proc where pronamespace = 'public'::regnamespace`,
    breach: 'create function planted() returns integer language sql as $$ select 1 $$',
  },
  {
    rule: 'there is no rule, and no view',
    exceptions: `
      select rulename as name from pg_rewrite join pg_class as tables on tables.oid = ev_class
      where relnamespace = 'public'::regnamespace`,
    breach: 'create view planted as select id from issue',
  },
  {
    rule: 'nothing is inherited',
    exceptions: `
      select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
      where relnamespace = 'public'::regnamespace and relkind = 'r'`,
    breach: 'create table planted () inherits (issue)',
  },
];

const names = async (db: Queryable, sql: string) =>
  (await db.query<{ name: string }>(sql)).rows.map((row) => row.name);

describe('the schema', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test('gives every table a shard, but the small ones', async () => {
    const without = await names(database.pool, WITHOUT_SHARD_SQL);
    expect(without.sort()).toEqual([...WITHOUT_SHARD.keys()].sort());
  });

  test.each(RULES)('$rule', async ({ exceptions }) => {
    expect(await names(database.pool, exceptions)).toEqual([]);
  });

  test.each([
    {
      rule: 'a table without a shard',
      exceptions: WITHOUT_SHARD_SQL,
      breach: 'create table planted (id bigint primary key)',
    },
    {
      rule: 'a shard that may be absent',
      exceptions: WITHOUT_SHARD_SQL,
      breach: 'create table planted (shard bigint, id bigint)',
    },
    {
      rule: 'a shard of another type',
      exceptions: WITHOUT_SHARD_SQL,
      breach: 'create table planted (shard integer not null)',
    },
    ...RULES,
  ])('is seen to break: $rule', async ({ exceptions, breach }) => {
    const connection = await database.pool.connect();
    try {
      await connection.query('begin');
      const before = await names(connection, exceptions);
      await connection.query(breach);
      expect((await names(connection, exceptions)).length).toBe(before.length + 1);
    } finally {
      await connection.query('rollback');
      connection.release();
    }
  });

  // With other words than the query's the index would lie idle, and each change of an estate read every finding.
  test('finds what is derived from few findings or resources by an index of its own', async () => {
    const connection = await database.pool.connect();
    try {
      await connection.query('begin; set local enable_seqscan = off; set local enable_bitmapscan = off');
      for (const [index, found] of [
        ['finding_dangling', `fingerprint from finding where shard = 1 and is_open and ${DANGLING}`],
        ['finding_pipeline', `fingerprint from finding where shard = 1 and is_open and ${PIPELINE_FLAW}`],
        [
          'resource_served',
          `key from resource where shard = 1 and gone_at is null and facts is not null and ${SERVED}`,
        ],
      ] as const) {
        const plan = await connection.query<{ 'QUERY PLAN': string }>(`explain select ${found} order by 1`);
        expect(plan.rows.map((row) => row['QUERY PLAN']).join(' ')).toContain(` ${index} `);
      }
    } finally {
      await connection.query('rollback');
      connection.release();
    }
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
