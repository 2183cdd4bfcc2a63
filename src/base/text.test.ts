import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText, counted, oneLine } from './text.ts';

describe('a text from a report', () => {
  test.each([
    ['a\u0000b\u0008c\u000bd\u001fe\u007ff\u0085g\u009fh', 'abcdefgh'],
    ['\u001b[31mred', '[31mred'],
    ['a\u200bb\u200fc\u202ad\u202ee\u2060f\u2069g\ufeffh', 'abcdefgh'],
    ['\ud800a\udc00\ud800', '\ufffda\ufffd\ufffd'],
    ['a\tb\nc 😀 é', 'a\tb\nc 😀 é'],
    [' a ', 'a'],
  ])('%j becomes %j', (text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });

  test.each([
    ['abcd', 4, 'abcd'],
    ['abcde', 4, 'abc…'],
    ['ab😀cd', 4, 'ab…'],
    [`${'\u200b'.repeat(9)}abcd`, 4, 'abcd'],
    [`${'\u200b'.repeat(1_000)}abcd`, 4, ''],
  ])('%j has at most %i characters: %j', (text, length, clean) => {
    expect(cleanText(text, length)).toBe(clean);
  });

  test('is bounded and whole, whatever it is', () => {
    const unit = fc.constantFrom('a', '\u0000', '\u202e', '\ud83d', '\ude00', '\n', ' ');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (text, length) => {
        const clean = cleanText(text, length);
        expect(clean.length).toBeLessThanOrEqual(length);
        expect(clean.isWellFormed()).toBe(true);
        expect(oneLine(text, length)).toMatch(/^[^\n]*$/);
      }),
    );
  });
});

test.each([
  [' a\r\n\tb  c ', 300, 'a b c'],
  ['x'.repeat(5_000), 300, `${'x'.repeat(299)}…`],
])('%j is one line', (text, length, line) => {
  expect(oneLine(text, length)).toBe(line);
});

test('a count has its noun', () => {
  expect([counted(1, 'entry', 'entries'), counted(0, 'finding')]).toEqual(['1 entry', '0 findings']);
});
