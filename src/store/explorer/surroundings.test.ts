import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { organisationOf } from '../organisation.ts';
import { loadSurroundings } from './surroundings.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

async function relate(pairs: readonly (readonly [from: string, to: string])[]): Promise<void> {
  await database.pool.query(
    `insert into relation (shard, kind, from_key, to_key, digest, image_id, reference, source_id, seen_at)
     select 1024, 'part-of', "from", "to", '', '', '', 's', now() from unnest($1::text[], $2::text[]) as pair ("from", "to")`,
    [pairs.map(([from]) => from), pairs.map(([, to]) => to)],
  );
}

async function around(keys: readonly string[], limit: number) {
  const { things, relations, hidden } = await loadSurroundings(
    database.pool,
    organisationOf(1n),
    keys,
    limit,
  );
  return {
    things: things.map(({ key, column }) => `${column} ${key}`).sort(),
    relations: relations.length,
    hidden,
  };
}

test('two steps are gone in each direction, and not one more', async () => {
  await relate([
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'd'],
    ['d', 'e'],
    ['e', 'f'],
    ['f', 'g'],
  ]);
  expect(await around(['d'], 60)).toEqual({
    things: ['-1 c', '-2 b', '0 d', '1 e', '2 f'],
    relations: 4,
    hidden: 0,
  });
});

test('sixty things are shown, and how many more there are', async () => {
  const beside = (count: number) =>
    Array.from({ length: count }, (_, index) => [`thing ${index}`, 'middle'] as const);
  await relate(beside(59));
  expect(await around(['middle'], 60)).toMatchObject({ relations: 59, hidden: 0 });
  await relate([['one more', 'middle']]);
  const most = await around(['middle'], 60);
  expect([most.things.length, most.hidden]).toEqual([60, 1]);
});
