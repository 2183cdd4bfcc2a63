import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutToWidth, displayWidth, jsonText, padded, safe } from './terminal-text.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u001b',
      '\u009b',
      '\u0007',
      '\r',
      '\n',
      '\t',
      '\u202e',
      '\u0000',
      '[31m',
      ']0;',
      '漢',
      'é',
    ),
    fc.string({ maxLength: 3 }),
  ),
});

test.each([
  ['plain', 'plain'],
  ['\u001b[31mred\u001b[0m', '[31mred[0m'],
  ['\u009b2J', '2J'],
  ['title\u001b]0;owned\u0007', 'title]0;owned'],
  ['two\r\nlines\tand\vmore', 'two lines and more'],
  ['left\u202eright', 'leftright'],
])('%j is shown as %j', (text, shown) => {
  expect(safe(text)).toBe(shown);
});

test('nothing that a terminal obeys is left in any text', () => {
  fc.assert(fc.property(hostile, (text) => !OBEYED.test(safe(text))));
});

describe('JSON', () => {
  test('says the same and holds nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const json = jsonText({ text });
        expect(json).not.toMatch(OBEYED);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });

  test('ordinary letters of all scripts stay', () => {
    expect(jsonText('漢é€')).toBe('"漢é€"');
  });
});

describe('columns', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['漢字', 4],
    ['e\u0301', 1],
    ['🚀', 2],
  ])('%j takes %d', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['ab cd', 4, 'ab…'],
    ['漢字漢字', 5, '漢字…'],
    ['漢字漢字', 4, '漢…'],
    ['abc', 1, '…'],
  ])('%j in %d', (text, columns, cut) => {
    expect(cutToWidth(text, columns)).toBe(cut);
  });

  test('a cut text never takes more than it may', () => {
    fc.assert(
      fc.property(
        hostile.map((text) => safe(text)),
        fc.integer({ min: 1, max: 40 }),
        (text, columns) => displayWidth(cutToWidth(text, columns)) <= columns,
      ),
    );
  });

  test('filling counts columns, not letters', () => {
    expect([padded('漢', 4), padded('7', 3, 'right'), padded('long', 2)]).toEqual(['漢  ', '  7', 'long']);
  });
});
