import { expect, test } from 'vitest';
import { accountOfAccessKey } from './access-key-account.ts';

test.each([
  // Ids of keys long expired, published with their accounts by those who found the rule.
  ['ASIAY34FZKBOKMUTVV7A', '609629065308'],
  ['ASIAQNZGKIQY56JQ7WML', '029608264753'],
  ['AKIAQNZGKIQY56JQ7WML', '029608264753'],
  ['AKIAIOSFODNN7EXAMPLE', undefined],
  ['AKIAI44QH8DHBEXAMPLE', undefined],
  ['AIDAQNZGKIQY56JQ7WML', undefined],
  ['ASIA7777777777777777', undefined],
  ['ASIAQNZGKIQY56JQ7WM', undefined],
  ['asiaqnzgkiqy56jq7wml', undefined],
  ['', undefined],
])('the id of a key tells its account: %s', (id, account) => {
  expect(accountOfAccessKey(id)).toBe(account);
});
