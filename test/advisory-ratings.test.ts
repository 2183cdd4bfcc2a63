import { afterEach, beforeEach, expect, test } from 'vitest';
import { explainIssue } from '../src/app/explain-issue.ts';
import { listHistory } from '../src/app/list-history.ts';
import { listRatings, rateAdvisory, unrateAdvisory } from '../src/app/rate-advisory.ts';
import { presentHistory } from '../src/contract/from-domain/present-history.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const CVE = 'CVE-2026-1000';
const VECTOR = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const MILD = 'CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N';

function importFlaw(id = CVE, aliases: readonly string[] = []): Promise<unknown> {
  const report = imageReport({
    image: 'registry.example.com/cart:1',
    vulnerabilities: [{ id, severity: 'CRITICAL', purlType: 'npm' }],
  }) as { Results: { Vulnerabilities: Record<string, unknown>[] }[] };
  for (const { Vulnerabilities } of report.Results)
    for (const each of Vulnerabilities)
      Object.assign(each, { CVSS: { nvd: { V3Vector: VECTOR, V3Score: 9.8 } }, VendorIDs: aliases });
  return inbox.importReport(report, { source: 'ci', environment: 'production' });
}

async function told() {
  const [row] = await inbox.list({ all: true });
  const { why } = await explainIssue(inbox.ctx, { id: row?.id ?? '' });
  return {
    severity: row?.severity,
    score: Number(row?.score.toFixed(1)),
    sentence: why?.score.sentence,
    last: why?.score.steps.at(-1),
  };
}

async function audit(): Promise<readonly unknown[]> {
  const result = await inbox.database.pool.query(
    `select verb, actor, details ->> 'reason' as reason from event where subject = $1 order by id`,
    [`advisory:${CVE}`],
  );
  return result.rows;
}

test('a severity of the organisation counts in the end, for findings to come too, until it is taken back', async () => {
  await importFlaw();
  expect(await told()).toMatchObject({
    severity: 'critical',
    score: 9.8,
    sentence: '9.8 from NVD, 9.8 here: critical.',
  });
  const rated = await rateAdvisory(inbox.ctx, {
    advisory: ` ${CVE.toLowerCase()} `,
    severity: 'low',
    reason: 'Never called',
  });
  expect(rated).toMatchObject({ advisory: CVE, severity: 'low', vector: null, reason: 'Never called' });
  const after = {
    severity: 'low',
    score: 2,
    sentence: `9.8 from NVD, 9.8 here: critical. ${rated.by} made it low: Never called.`,
    last: {
      metric: 'severity',
      from: 'critical',
      to: 'low',
      effect: 'safer',
      reason: `Never called (${rated.by})`,
    },
  };
  expect(await told()).toEqual(after);
  await importFlaw();
  expect(await told()).toEqual(after);
  expect(await listRatings(inbox.ctx)).toEqual([rated]);
  await unrateAdvisory(inbox.ctx, { advisory: CVE });
  expect((await told()).severity).toBe('critical');
  expect(await listRatings(inbox.ctx)).toEqual([]);
  expect(await audit()).toEqual([
    { verb: 'rate advisory', actor: rated.by, reason: 'Never called' },
    { verb: 'unrate advisory', actor: rated.by, reason: null },
  ]);
  const [issue] = await inbox.list({ all: true });
  const { items } = presentHistory(await listHistory(inbox.ctx, { id: issue?.id ?? '' }));
  expect(items.filter(({ by }) => by !== 'reports').map(({ by, sentence }) => [by, sentence])).toEqual([
    [rated.by, 'left the rating of its advisory to its sources again'],
    [rated.by, 'rated its advisory low: Never called'],
  ]);
});

test('a vector of the organisation counts in place of the published one, and is adjusted like it', async () => {
  await importFlaw();
  const { by } = await rateAdvisory(inbox.ctx, { advisory: CVE, vector: MILD, reason: 'Local only' });
  expect(await told()).toMatchObject({
    severity: 'low',
    score: 2.5,
    sentence: `2.5 from ${by}, 2.5 here: low. The vector is the choice of ${by}: Local only.`,
    last: { metric: 'MAV' },
  });
  await rateAdvisory(inbox.ctx, { advisory: CVE, vector: MILD, severity: 'high', reason: 'Both' });
  expect(await told()).toMatchObject({ severity: 'high', score: 8, last: { effect: 'riskier' } });
  // The level that it has anyway keeps its score.
  await rateAdvisory(inbox.ctx, { advisory: CVE, severity: 'critical', reason: 'The same' });
  expect(await told()).toMatchObject({ severity: 'critical', score: 9.8, last: { effect: 'neutral' } });
});

test('it is about the advisory, by whatever name a report knows it', async () => {
  const ghsa = 'GHSA-2222-3333-4444';
  await importFlaw(ghsa);
  await rateAdvisory(inbox.ctx, { advisory: ghsa, severity: 'low', reason: 'Never called' });
  expect((await told()).severity).toBe('low');
  await importFlaw(CVE, [ghsa]);
  expect((await listRatings(inbox.ctx)).map(({ advisory }) => advisory)).toEqual([CVE]);
  expect((await told()).severity).toBe('low');
  await unrateAdvisory(inbox.ctx, { advisory: ghsa });
  expect((await told()).severity).toBe('critical');
});

test.each([
  [{ advisory: CVE, reason: 'Neither' }, 'usage'],
  [{ advisory: CVE, severity: 'low' as const, reason: ' \n ' }, 'usage'],
  [{ advisory: ' ', severity: 'low' as const, reason: 'No name' }, 'usage'],
  [{ advisory: CVE, vector: 'CVSS:3.1/AV:N', reason: 'Half a vector' }, 'usage'],
])('is refused: %j', async (request, code) => {
  await expect(rateAdvisory(inbox.ctx, request)).rejects.toMatchObject({ code });
  expect(await listRatings(inbox.ctx)).toEqual([]);
});

test('administrators rate, and only what is rated is taken back', async () => {
  const ctx = { ...inbox.ctx, actor: { name: 'alex', role: 'triage' as const } };
  const forbidden = { code: 'forbidden' };
  await expect(rateAdvisory(ctx, { advisory: CVE, severity: 'low', reason: 'x' })).rejects.toMatchObject(
    forbidden,
  );
  await expect(unrateAdvisory(ctx, { advisory: CVE })).rejects.toMatchObject(forbidden);
  await expect(unrateAdvisory(inbox.ctx, { advisory: CVE })).rejects.toMatchObject({ code: 'not_found' });
});
