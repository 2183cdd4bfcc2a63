import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distinctValues } from './distinct-values.ts';

test.each<[readonly unknown[], readonly unknown[]]>([
  [[], []],
  [
    ['b', 'a', 'b'],
    ['a', 'b'],
  ],
  [
    [{ n: 2 }, { n: 1 }, { n: 2 }],
    [{ n: 1 }, { n: 2 }],
  ],
  [
    [10, 9, 10],
    [10, 9],
  ],
  [
    [null, 'null'],
    ['null', null],
  ],
  [
    ['\uffff', '\u{10000}'],
    ['\uffff', '\u{10000}'],
  ],
])('%j holds %j', (values, expected) => {
  expect(distinctValues(values)).toEqual(expected);
});

test('the order of the values does not matter', () => {
  const shuffled = fc
    .array(fc.jsonValue())
    .chain((values) =>
      fc.tuple(fc.constant(values), fc.shuffledSubarray(values, { minLength: values.length })),
    );
  fc.assert(
    fc.property(shuffled, ([values, others]) => {
      expect(distinctValues(others)).toEqual(distinctValues(values));
    }),
  );
});
