import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PairNumbers } from './pair-numbers.ts';

test('numbers pairs from 1 up, equal ones alike, whatever order they come in', () => {
  const small = fc.integer({ min: 0, max: 3 });
  const number = fc.oneof(small, fc.integer({ min: 0, max: 2 ** 31 - 1 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number)), (pairs) => {
      const numbers = new PairNumbers();
      const expected = new Map<string, number>();
      for (const [first, second] of [...pairs, ...pairs]) {
        const key = `${first} ${second}`;
        if (!expected.has(key)) expected.set(key, expected.size + 1);
        expect(numbers.of(first, second)).toBe(expected.get(key));
      }
    }),
  );
});

test('keeps them while it grows', () => {
  const numbers = new PairNumbers();
  const ask = (): number[] =>
    Array.from({ length: 5_000 }, (_, index) => numbers.of(index % 70, Math.floor(index / 70)));
  expect(ask()).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1));
  expect(new Set(ask()).size).toBe(5_000);
  expect(numbers.of(0, 0)).toBe(1);
});
