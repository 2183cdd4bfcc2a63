import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes, compareInOrder } from './compare.ts';

test('text is ordered by its UTF-8 bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    {
      examples: [
        ['\u{10000}', '\uffff'],
        ['', 'a'],
        ['a', 'ab'],
      ],
    },
  );
});

test('a later comparison is consulted only when all above it see no difference', () => {
  const order = compareInOrder<{ a: number; b: number }>([(x, y) => y.a - x.a, (x, y) => y.b - x.b]);
  expect(
    [
      { a: 1, b: 9 },
      { a: 2, b: 1 },
      { a: 2, b: 3 },
    ].sort(order),
  ).toEqual([
    { a: 2, b: 3 },
    { a: 2, b: 1 },
    { a: 1, b: 9 },
  ]);
});
