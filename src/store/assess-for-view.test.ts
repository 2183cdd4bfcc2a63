import { afterAll, beforeAll, expect, test } from 'vitest';
import { issueId } from '#domain/finding/identify-finding.ts';
import { explainIssue } from '#domain/inbox/explain-issue.ts';
import { imported, openTestInbox, START, type TestInbox } from '../../test/support/test-inbox.ts';
import { imageReport } from '../../test/support/trivy-report.ts';
import { assessForView } from './assess-for-view.ts';
import { assessIssues } from './assess-issues.ts';
import { organisationOf } from './organisation.ts';

const LARGE = issueId('library_vulnerability|CVE-2026-1000');
const SMALL = issueId('library_vulnerability|CVE-2026-2000');
const NONE = issueId('library_vulnerability|CVE-2026-3000');

let inbox: TestInbox;
beforeAll(async () => {
  inbox = await openTestInbox();
  const flaws = (id: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id,
      pkg: `package-${index}`,
      severity: index % 50 === 7 ? 'CRITICAL' : 'LOW',
      fixed: index % 3 === 0 ? '2.0' : null,
      purlType: 'npm' as const,
    }));
  // The lead is on the last of them, behind those that are shown.
  for (const image of ['shop', 'bank', 'cart'])
    imported(
      await inbox.importReport(
        imageReport({
          image: `registry.test/${image}:1`,
          at: START,
          vulnerabilities: [...flaws('CVE-2026-1000', 400), ...flaws('CVE-2026-2000', 3)],
        }),
        { environment: image === 'shop' ? 'production' : null },
      ),
    );
});
afterAll(() => inbox.close());

test.each([
  ['few', SMALL, 9],
  ['very many', LARGE, 1200],
])('an issue of %s findings is explained as if each of them were looked at', async (_what, id, findings) => {
  const { pool } = inbox.database;
  const organisation = organisationOf(1n);
  const [expected] = await assessIssues(pool, organisation, START, [id]);
  const { findings: shown } = (await inbox.ctx.inbox.view(id)) ?? { findings: [] };
  const prints = shown.map((finding) => finding.fingerprint);
  const seen = await assessForView(pool, organisation, START, id, prints);
  if (expected === undefined || seen === null) throw new Error('no issue');
  expect(seen.openFindings).toBe(findings);
  expect(explainIssue(seen.assessed, seen.openFindings)).toEqual(
    explainIssue(expected.assessed, expected.openFindings),
  );
  expect(seen.assessed.lead.assessment).toEqual(expected.assessed.lead.assessment);
  const { lead } = seen.assessed;
  expect(prints.includes(lead.finding.fingerprint)).toBe(id === SMALL);
  expect(new Set(seen.assessed.members.map((member) => member.finding.fingerprint))).toEqual(
    new Set([lead.finding.fingerprint, ...prints]),
  );
  for (const member of seen.assessed.members)
    expect(member).toEqual(
      expected.assessed.members.find((each) => each.finding.fingerprint === member.finding.fingerprint),
    );
  expect(seen.assessed.lead.finding.resource).toEqual(expected.assessed.lead.finding.resource);
});

test('an issue without an open finding is not assessed', async () => {
  expect(await assessForView(inbox.database.pool, organisationOf(1n), START, NONE, [])).toBeNull();
});
