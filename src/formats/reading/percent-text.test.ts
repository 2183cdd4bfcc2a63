import { expect, test } from 'vitest';
import { percentDecoded } from './percent-text.ts';

test.each([
  ['', ''],
  ['src/app', 'src/app'],
  ['%40scope%2Fname', '@scope/name'],
  ['caf%C3%A9', 'café'],
  ['100%', '100%'],
  ['a%2Fb%zz', 'a%2Fb%zz'],
  ['%ff', '%ff'],
])('%j is %j', (text, expected) => {
  expect(percentDecoded(text)).toBe(expected);
});
