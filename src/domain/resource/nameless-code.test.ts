import { expect, test } from 'vitest';
import { keysOfCode } from './nameless-code.ts';

test.each([
  ['repo:@shop', ['repo:@shop', 'artifact:@shop']],
  ['artifact:@shop', ['repo:@shop', 'artifact:@shop']],
  ['artifact:@shop/web', ['artifact:@shop/web']],
  ['artifact:web', ['artifact:web']],
  ['repo:github.com/acme/shop', ['repo:github.com/acme/shop']],
  ['image:@shop', ['image:@shop']],
])('findings in the code of %s stand under %j', (key, expected) => {
  expect(keysOfCode(key)).toEqual(expected);
});
