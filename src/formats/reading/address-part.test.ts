import { expect, test } from 'vitest';
import { addressPart } from './address-part.ts';

test.each([
  ['GO-2026-1', 'GO-2026-1'],
  ['../a?b#c', '..%2Fa%3Fb%23c'],
  ['\0\ud800', '%00%EF%BF%BD'],
  ['\u{1f600}', '%F0%9F%98%80'],
])('%j is %s in an address', (text, part) => {
  expect(addressPart(text)).toBe(part);
});
