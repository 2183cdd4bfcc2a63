import { expect, test } from 'vitest';
import { globMatches } from './tag-glob.ts';

test.each([
  ['prod', 'Prod ', true],
  ['prod', 'production', false],
  ['*', '', true],
  ['cc-*', 'CC-42', true],
  ['*-lab', 'lab', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['ab*ba', 'aba', false],
  ['a**c', 'abc', true],
  ['a*b*bc', 'abc', false],
  ['a*b*bc', 'abbc', true],
  ['[a-z]', 'b', false],
  ['.*', 'x', false],
])('%s is %s: %s', (pattern, value, is) => {
  expect(globMatches(pattern, value)).toBe(is);
});
