import { expect, test } from 'vitest';
import { lineNumber } from './line-number.ts';

test.each([
  [7, 7],
  ['79', 79],
  ['79-81', 79],
  [0, undefined],
  [-1, undefined],
  [1.5, undefined],
  [2 ** 31, undefined],
  [1e300, undefined],
  ['', undefined],
  ['7x', undefined],
  ['99999999999', undefined],
  [null, undefined],
  [[7], undefined],
])('%j is line %s', (value, line) => {
  expect(lineNumber(value)).toBe(line);
});
