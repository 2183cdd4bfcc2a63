import { expect, test } from 'vitest';
import { findIssue } from './find-issue.ts';
import type { InboxAccess } from './inbox-access.ts';

const FOUND: ReadonlyMap<string, readonly string[]> = new Map([
  ['CVE-2021-44228', ['aaaa111111111111']],
  ['aaaa', ['aaaa111111111111', 'aaaa222222222222']],
  ['', ['aaaa111111111111']],
]);
const inbox: Pick<InboxAccess, 'find'> = { find: async (name) => FOUND.get(name) ?? [] };

test('the only issue that a name can mean is it', async () => {
  expect(await findIssue(inbox, ' CVE-2021-44228 ')).toBe('aaaa111111111111');
});

test.each(['zzzz', '', '  '])('%j is not there', async (name) => {
  await expect(findIssue(inbox, name)).rejects.toMatchObject({
    code: 'not_found',
    message: `No issue has the id, key or advisory "${name.trim()}". "list --all" prints the ids; four characters of one are enough.`,
  });
});

test('of several one has to be named', async () => {
  await expect(findIssue(inbox, 'aaaa')).rejects.toMatchObject({
    code: 'usage',
    message: '"aaaa" could mean several issues: aaaa111111111111, aaaa222222222222. Name one of them.',
  });
});
