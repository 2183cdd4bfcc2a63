import { expect, test } from 'vitest';
import { addToList } from './list-map.ts';

test('values of a key stand in the order in which they were added', () => {
  const lists = new Map<string, number[]>();
  for (const [key, value] of [
    ['a', 2],
    ['b', 3],
    ['a', 1],
    ['a', 2],
  ] as const)
    addToList(lists, key, value);
  expect([...lists]).toEqual([
    ['a', [2, 1, 2]],
    ['b', [3]],
  ]);
});
