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

/** Tables that are distributed by their first column. */
const large = [...textOf('src/store/schema.sql').matchAll(/^create table (\w+) \(\n((?: .*\n)+)/gim)].flatMap(
  ([, table = '', columns = '']) => (/^\s+shard bigint/m.test(columns) ? [table] : []),
);
const TEXTS = /`(?:[^`\\]|\\.)*`|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g;
const LARGE = new RegExp(`\\b(?:from|join|update|into|using|exists)\\s+(?:${large.join('|')})\\b`, 'g');
const JOIN = new RegExp(
  `\\bjoin\\s+(?:${large.join('|')})\\b(?:\\s+as)?(?:\\s+\\w+)?\\s+(?:on|using)\\s*(\\([^)]*\\)|[^\\n]*)`,
  'g',
);

/** Texts that name fewer shards than large tables: parts of a statement, and rows that are made of JSON. */
const WHOLE_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['src/store/issue-search.ts', 'from issue'],
  ['src/store/inbox.ts', 'order by rank desc, issue.id desc limit'],
  ['src/store/estate/move-catalogue.ts', 'jsonb_populate_recordset(null::catalogue_entry'],
  ['src/store/import/undo-scan.ts', 'jsonb_populate_record(null::sighting'],
]);

function withoutShard(text: string): boolean {
  return (text.match(LARGE) ?? []).length > (text.match(/\bshard\b/g) ?? []).length;
}

describe('large tables', () => {
  test('are met with their shard, each of them', () => {
    expect(large).toEqual(expect.arrayContaining(['finding', 'issue', 'resource', 'sighting', 'event']));
    expect(withoutShard('select id from issue join finding using (shard, id)')).toBe(true);
    expect(withoutShard('select id from issue where shard = $1')).toBe(false);
    const asked = statements.flatMap((path) =>
      (textOf(path).match(TEXTS) ?? []).map((text) => ({ path, text })),
    );
    expect(asked.filter(({ text }) => text.match(LARGE) !== null).length).toBeGreaterThan(200);
    const lacking = asked.filter(({ text }) => withoutShard(text));
    expect(
      lacking.filter(({ path, text }) => !text.includes(WHOLE_ELSEWHERE.get(path) ?? text + path)),
    ).toEqual([]);
    expect(new Set(lacking.map(({ path }) => path))).toEqual(new Set(WHOLE_ELSEWHERE.keys()));
  });

  test('are joined by it', () => {
    const joins = statements.flatMap((path) =>
      [...textOf(path).matchAll(JOIN)].map(([join, by = '']) => ({ path, join, by })),
    );
    expect(joins.length).toBeGreaterThan(30);
    expect(joins.filter(({ by }) => !/\bshard\b/.test(by))).toEqual([]);
  });
});
