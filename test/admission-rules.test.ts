import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cloneRule, removeRule, switchRule } from '../src/app/change-rules.ts';
import { chooseScoring } from '../src/app/choose-scoring.ts';
import { explainIssue } from '../src/app/explain-issue.ts';
import { showResources } from '../src/app/show-resources.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { DAY_MS } from '../src/base/instant.ts';
import { presentIssueDetail } from '../src/contract/from-domain/present-issue-detail.ts';
import { prowlerReport } from './support/other-reports.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

/** Log4Shell is in the snapshot of KEV only where a feed was read; here its severity is all that is known. */
function importFlaw() {
  return inbox.importReport(
    imageReport({
      image: 'registry.example.com/cart:1',
      vulnerabilities: [{ id: 'CVE-2026-1000', severity: 'CRITICAL', purlType: 'npm' }],
    }),
    { source: 'ci', environment: 'production' },
  );
}

async function admitted(): Promise<readonly (readonly string[])[]> {
  return (await inbox.list({ all: false })).map((row) => row.admittedBy);
}

const SERIOUS = {
  id: 'default.library_vulnerability',
  title: 'Serious libraries',
  sentence: 'Critical.',
  types: null,
  when: [{ fact: 'severity', atLeast: 'critical' }],
} as const;

describe('the rules of an organisation', () => {
  test('a clone with other conditions takes in at once, and lets go when it is switched off or removed', async () => {
    await importFlaw();
    expect(await admitted()).toEqual([]);
    const rule = await cloneRule(inbox.ctx, SERIOUS);
    expect(rule).toMatchObject({ clonedFrom: SERIOUS.id, isDefault: false, isEnabled: true });
    expect(await admitted()).toEqual([[rule.id]]);
    await switchRule(inbox.ctx, { id: rule.id, isEnabled: false });
    expect(await admitted()).toEqual([]);
    await switchRule(inbox.ctx, { id: rule.id, isEnabled: true });
    expect(await admitted()).toEqual([[rule.id]]);
    await removeRule(inbox.ctx, { id: rule.id });
    expect(await admitted()).toEqual([]);
  });

  test('a default rule is switched off and on, and cannot be removed', async () => {
    await importFlaw();
    const clone = await cloneRule(inbox.ctx, SERIOUS);
    await switchRule(inbox.ctx, { id: 'default.library_vulnerability', isEnabled: false });
    const [row] = await inbox.list({ all: false });
    expect(row?.admittedBy).toEqual([clone.id]);
    const { why } = await explainIssue(inbox.ctx, { id: row?.id ?? '' });
    expect(why?.admission.rules.map((rule) => rule.id)).toEqual([clone.id, 'default.known-exploited']);
    await expect(removeRule(inbox.ctx, { id: 'default.secret' })).rejects.toMatchObject({ code: 'usage' });
    await expect(switchRule(inbox.ctx, { id: 'default.x', isEnabled: false })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('every finding says why it is in or the first condition that keeps it out', async () => {
    await importFlaw();
    const [row] = await inbox.list({ all: true });
    const detail = presentIssueDetail(await explainIssue(inbox.ctx, { id: row?.id ?? '' }));
    expect(detail.findings.map((finding) => finding.admission)).toEqual([
      'Not in the inbox: "Known to be exploited" cannot be told for: known to be exploited.',
    ]);
    const rule = await cloneRule(inbox.ctx, SERIOUS);
    const after = presentIssueDetail(await explainIssue(inbox.ctx, { id: row?.id ?? '' }));
    expect(after.findings.map((finding) => finding.admission)).toEqual([`In the inbox: ${rule.title}.`]);
  });

  test('lets go by the passing of time alone, at the millisecond after its last day', async () => {
    const report = imageReport({
      image: 'registry.example.com/cart:1',
      vulnerabilities: [{ id: 'CVE-2026-1000', severity: 'CRITICAL', purlType: 'npm' }],
    }) as { Results: { Vulnerabilities: Record<string, unknown>[] }[] };
    const publishedAt = START - 6 * DAY_MS;
    for (const { Vulnerabilities } of report.Results)
      for (const each of Vulnerabilities) each['PublishedDate'] = new Date(publishedAt).toISOString();
    await inbox.importReport(report, { source: 'ci' });
    const when = [{ fact: 'published', withinDays: 7 }] as const;
    const rule = await cloneRule(inbox.ctx, { ...SERIOUS, when });
    const at = async (now: number) => {
      inbox.clock.set(now);
      return [await sweepIssues(inbox.ctx), await admitted()];
    };
    expect(await at(START)).toEqual([0, [[rule.id]]]);
    expect(await at(publishedAt + 7 * DAY_MS)).toEqual([0, [[rule.id]]]);
    expect(await at(publishedAt + 7 * DAY_MS + 1)).toEqual([1, []]);
    const [row] = await inbox.list({ all: true });
    const { why } = await explainIssue(inbox.ctx, { id: row?.id ?? '' });
    expect(why?.admission.rules.find(({ id }) => id === rule.id)).toMatchObject({
      verdict: 'not met',
      sentence: 'Critical. Fails at: day of publication.',
    });
  });

  test('only an administrator changes them', async () => {
    const ctx = { ...inbox.ctx, actor: { name: 'reader', role: 'triage' as const } };
    const refused = { code: 'forbidden' };
    await expect(cloneRule(ctx, SERIOUS)).rejects.toMatchObject(refused);
    await expect(switchRule(ctx, { id: 'default.secret', isEnabled: false })).rejects.toMatchObject(refused);
    await expect(removeRule(ctx, { id: 'default.secret' })).rejects.toMatchObject(refused);
    await expect(chooseScoring(ctx, { severityBasis: 'base' })).rejects.toMatchObject(refused);
  });
});

test('an organisation that counts base scores sees the published severity, and what it would be adjusted', async () => {
  const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
  const report = imageReport({
    image: 'registry.example.com/cart:1',
    vulnerabilities: [{ id: 'CVE-2026-1000', severity: 'CRITICAL', purlType: 'npm' }],
  }) as { Results: { Vulnerabilities: Record<string, unknown>[] }[] };
  for (const { Vulnerabilities } of report.Results)
    for (const each of Vulnerabilities) each['CVSS'] = { nvd: { V3Vector: vector, V3Score: 9.8 } };
  await inbox.importReport(report, { source: 'ci', environment: 'staging' });
  const severities = async () => (await inbox.list({ all: true })).map((row) => [row.severity, row.score]);
  expect(await severities()).toEqual([['high', expect.closeTo(8, 1)]]);
  await chooseScoring(inbox.ctx, { severityBasis: 'base' });
  expect(await severities()).toEqual([['critical', expect.closeTo(9.8, 5)]]);
  const [row] = await inbox.list({ all: true });
  const { why } = await explainIssue(inbox.ctx, { id: row?.id ?? '' });
  expect(why?.score.sentence).toMatch(
    /^9\.8 from NVD: critical\. The organisation counts base scores; adjusted/,
  );
  expect(why?.score.steps.map(({ metric, effect }) => [metric, effect])).toEqual([
    ['E', 'unknown'],
    ['CR/IR/AR', 'safer'],
    ['MAC', 'unknown'],
    ['MAV', 'unknown'],
  ]);
  await chooseScoring(inbox.ctx, { severityBasis: 'adjusted' });
  expect(await severities()).toEqual([['high', expect.closeTo(8, 1)]]);
});

test('who may change the control plane, and no more than that, is privileged where the organisation says so', async () => {
  const user = (name: string, action: string) => ({
    UserName: name,
    UserId: `AIDA${name.toUpperCase()}`,
    Arn: `arn:aws:iam::111111111111:user/${name}`,
    Path: '/',
    GroupList: [],
    AttachedManagedPolicies: [],
    UserPolicyList: [
      {
        PolicyName: 'own',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
        },
      },
    ],
  });
  const dump = {
    UserDetailList: [user('ada', 'cloudtrail:StopLogging'), user('bob', 'sqs:ListQueues')],
    GroupDetailList: [],
    RoleDetailList: [],
    Policies: [],
  };
  await inbox.importReport(
    dump,
    { account: '111111111111', complete: true },
    'iam-get-account-authorization-details-111111111111.json',
  );
  const key = 'aws:arn:aws:iam::111111111111:user/ada';
  await inbox.importReport(
    prowlerReport([
      { check: 'iam_user_accesskey_unused', region: 'us-east-1', uid: key.slice('aws:'.length) },
    ]),
    {},
    'prowler.json',
  );
  const told = async () => {
    const [view, other] = await showResources(inbox.ctx, {
      ids: [key, key.replace('ada', 'bob')],
    });
    const [row] = await inbox.list({ all: true });
    const { state, evidence } = view?.privilegedAccess ?? { state: 'none', evidence: [] };
    return [
      view?.privilege.level,
      state,
      evidence.map(({ sentence }) => sentence),
      row?.riskStates.privileged_access,
      other?.privilegedAccess.state,
    ];
  };
  const may = 'IAM user ada may stop the audit trail';
  const shown = ['P4', 'no', [`${may} (P4).`, 'P4 counts as no privileged access.'], 'no', 'no'];
  expect(await told()).toEqual(shown);
  await chooseScoring(inbox.ctx, { privilegedAccess: 'P0-P4' });
  expect(await told()).toEqual([
    'P4',
    'yes',
    [`${may} (P4).`, 'The organisation counts P4 as privileged access.'],
    'yes',
    'no',
  ]);
  await chooseScoring(inbox.ctx, { epssRule: 'reference' });
  expect((await told())[1]).toBe('yes');
  await chooseScoring(inbox.ctx, { privilegedAccess: 'P0-P3' });
  expect(await told()).toEqual(shown);
});
