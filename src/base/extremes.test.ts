import { expect, test } from 'vitest';
import { largest, smallest } from './extremes.ts';

test('the smallest and the largest of a million values, and of none', () => {
  const values = Array.from({ length: 1_000_000 }, (_, index) => (index * 7_919) % 1_000_003);
  expect([smallest(values), largest(values)]).toEqual([0, 1_000_002]);
  expect([smallest([]), largest([null])]).toEqual([null, null]);
  expect([smallest([null, 2, 1]), largest([1, null, 2])]).toEqual([1, 2]);
});
