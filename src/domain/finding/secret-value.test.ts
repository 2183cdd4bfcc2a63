import fc from 'fast-check';
import { expect, test } from 'vitest';
import { secretValue } from './secret-value.ts';

test.each([
  ['AKIAEXAMPLE', 'AKIAEXAMPLE'],
  ['  AKIAEXAMPLE\n', 'AKIAEXAMPLE'],
  ['"AKIAEXAMPLE"', 'AKIAEXAMPLE'],
  ["' AKIAEXAMPLE '", 'AKIAEXAMPLE'],
  ['`AKIAEXAMPLE`', 'AKIAEXAMPLE'],
  ['"AKIAEXAMPLE', '"AKIAEXAMPLE'],
  ['-----BEGIN KEY-----\nabc', '-----BEGIN KEY-----\nabc'],
  [undefined, null],
  ['', null],
  ['""', null],
  ['abc', null],
  ['abcd', 'abcd'],
  ['REDACTED', null],
  ['[redacted]', null],
  ['***', null],
  ['AKIA********', null],
  ['AKIA***', null],
  ['AKIA**Z', 'AKIA**Z'],
  ['AKIA...', null],
  ['a..b', 'a..b'],
  ['AKIA…', null],
  ['xxxxxxxx', null],
  ['00000000', null],
  ['"--------"', null],
])('%j is the value %j', (reported, expected) => {
  expect(secretValue(reported)).toBe(expected);
});

test('one character repeated is a mask, whichever it is', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme-ascii' }),
      fc.integer({ min: 1, max: 40 }),
      (character, length) => {
        expect(secretValue(character.repeat(length))).toBeNull();
      },
    ),
  );
});
