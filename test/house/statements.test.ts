import { describe, expect, test } from 'vitest';
import { isTest, sourceFiles, textOf } from './tree.ts';

/** What statements of the store never use, so that the same ones run where tables are distributed (storage §14). */
const NEVER = [
  ['recursion', /\bwith\s+recursive\b/i, 'with recursive way as (select 1)'],
  ['grouping sets', /\bgrouping\s+sets\b|\b(?:cube|rollup)\s*\(/i, 'group by rollup (a, b)'],
  [
    'rows that are locked over several shards',
    /\bfor\s+(?:no\s+key\s+)?update\b/i,
    'select id from issue for update',
  ],
  [
    'a clock or randomness of the database',
    /(?<![.#\w])(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|random|gen_random_uuid)\(\)|\b(?:current_timestamp|current_date|localtimestamp)\b/i,
    'update issue set changed_at = now()',
  ],
] as const;

/** Writes when a migration was applied, in a table that is never distributed. */
const OF_THE_SCHEMA = 'src/store/migrate.ts';

const statements = sourceFiles().filter(
  (path) => path.startsWith('src/store/') && !isTest(path) && path !== OF_THE_SCHEMA,
);

describe('statements of the store', () => {
  test.each(NEVER)('use never: %s', (_name, never, breach) => {
    expect(breach).toMatch(never);
    expect(statements.length).toBeGreaterThan(50);
    expect(statements.filter((path) => never.test(textOf(path)))).toEqual([]);
  });

  test.each(['clock.now()', 'this.#now()', 'Date.now()', 'on conflict (shard, id) do update set a = 1'])(
    '%s is none of these',
    (text) => {
      expect(NEVER.filter(([, never]) => never.test(text))).toEqual([]);
    },
  );
});
