import { expect, test } from 'vitest';
import { digestOfText } from '#base/digest.ts';
import { boundedText, boundedTitle, TEXT_BYTES_MAX, TITLE_BYTES_MAX } from './bounded-text.ts';

test.each([
  ['as it is up to 1 KB', 'a'.repeat(1024), 'a'.repeat(1024)],
  ['cut and marked beyond it', 'a'.repeat(1025), `${'a'.repeat(1021)}…`],
  ['counted in bytes', 'é'.repeat(512), 'é'.repeat(512)],
  ['without half a character at the cut', 'é'.repeat(513), `${'é'.repeat(510)}…`],
  ['on one line', ' a\n b ', 'a b'],
])('a title is %s', (_, title, kept) => {
  expect(boundedTitle(title)).toBe(kept);
  expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(TITLE_BYTES_MAX);
});

test.each([
  ['as it is up to 64 KB', 'a'.repeat(65_536), 65_536],
  ['as it is in other scripts', '漢'.repeat(21_845), 65_535],
  ['with its lines', 'a\nb', 3],
])('a description is kept %s', (_, text, bytes) => {
  expect(boundedText(text)).toBe(text);
  expect(Buffer.byteLength(boundedText(text))).toBe(bytes);
});

test.each([
  ['one byte more', `${'a'.repeat(65_536)}b`],
  ['one character more of three bytes', '漢'.repeat(21_846)],
  ['a hundred times as much', 'ab '.repeat(2_200_000)],
])('a description of %s is cut, and marked with the digest of all of it', (_, text) => {
  const kept = boundedText(text);
  expect(kept.endsWith(`… (cut; SHA-256 of all of it: ${digestOfText(text)})`)).toBe(true);
  expect(text.startsWith(kept.slice(0, 20_000))).toBe(true);
  expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(TEXT_BYTES_MAX);
  expect(Buffer.byteLength(kept)).toBeGreaterThan(TEXT_BYTES_MAX - 4);
  expect(kept.isWellFormed()).toBe(true);
});

test('descriptions that differ behind the cut differ', () => {
  const text = 'a'.repeat(70_000);
  expect(boundedText(`${text}b`)).not.toBe(boundedText(`${text}c`));
});
