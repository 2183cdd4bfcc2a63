import { expect, test } from 'vitest';
import type { IssueRow } from '#contract/issue.ts';
import { findIssue } from './find-issue.ts';
import type { InboxAccess, ListPage, ListRequest } from './inbox-access.ts';
import { testRow } from './issue-row.test-rows.ts';

const ROWS: readonly IssueRow[] = [
  testRow({ id: 'aaaa111111111111', key: 'library_vulnerability|CVE-2021-44228' }),
  testRow({
    id: 'aaaa222222222222',
    key: 'library_vulnerability|CVE-2021-4422',
    type: 'library_vulnerability',
  }),
  testRow({ id: 'bbbb111111111111', key: 'library_vulnerability|CVE-2022-1' }),
  testRow({
    id: 'cccc111111111111',
    key: 'infrastructure_vulnerability|CVE-2022-1',
    type: 'infrastructure_vulnerability',
  }),
  testRow({ id: 'dddd111111111111', key: 'api_finding|host:a|zap:4', type: 'api_finding' }),
  testRow({ id: 'eeee111111111111', key: 'library_vulnerability|GHSA-jfh8-c2jp-5v3q' }),
];

/** A list of one issue a page, searched as the store does: words in the key. */
const inbox: Pick<InboxAccess, 'list'> = {
  async *list({ text, all }: ListRequest): AsyncGenerator<ListPage> {
    const rows = ROWS.filter(
      ({ key }) => all && (text === null || key.toLowerCase().includes(text.toLowerCase())),
    );
    for (const row of rows)
      yield { items: [row], total: rows.length, admittedTotal: 0, waiting: 0, holdingBack: [] };
  },
};

test.each([
  ['aaaa111111111111', 'aaaa111111111111'],
  ['AAAA111111111111', 'aaaa111111111111'],
  ['ffffffffffffffff', 'ffffffffffffffff'],
  ['aaaa1', 'aaaa111111111111'],
  ['bbbb', 'bbbb111111111111'],
  [' dddd ', 'dddd111111111111'],
  ['CVE-2021-44228', 'aaaa111111111111'],
  ['cve-2021-4422', 'aaaa222222222222'],
  ['GHSA-JFH8-c2jp-5v3q', 'eeee111111111111'],
  ['infrastructure_vulnerability|CVE-2022-1', 'cccc111111111111'],
  ['api_finding|host:a|zap:4', 'dddd111111111111'],
])('%j is %s', async (name, id) => {
  expect(await findIssue(inbox, name)).toBe(id);
});

test.each(['aaa', 'zzzz', 'ffff', 'CVE-2021-442', '', 'a|b', 'log4j shell', 'CVE-1999-0001'])(
  '%j is not there',
  async (name) => {
    await expect(findIssue(inbox, name)).rejects.toMatchObject({ code: 'not_found' });
  },
);

test.each([
  [
    'aaaa',
    '"aaaa" could mean several issues: aaaa111111111111 (library_vulnerability), aaaa222222222222 (library_vulnerability). Name one of them.',
  ],
  [
    'CVE-2022-1',
    '"CVE-2022-1" could mean several issues: bbbb111111111111 (library_vulnerability), cccc111111111111 (infrastructure_vulnerability). Name one of them.',
  ],
])('%j is more than one', async (name, message) => {
  await expect(findIssue(inbox, name)).rejects.toMatchObject({ code: 'usage', message });
});
