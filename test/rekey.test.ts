import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseAcceptanceRules, decideAcceptance, listAcceptances } from '../src/app/accept-risk.ts';
import { declareAlias, withdrawAlias } from '../src/app/change-alias.ts';
import { explainIssue } from '../src/app/explain-issue.ts';
import { findIssue } from '../src/app/find-issue.ts';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { on, SHOP } from './support/days.ts';
import { grypeReport, type Match } from './support/grype-report.ts';
import { inboxState } from './support/inbox-state.ts';
import { openSubjects } from './support/open-findings.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { act, muteIssue } from './support/triage.ts';
import { imageReport } from './support/trivy-report.ts';

const GHSA = 'GHSA-2222-3333-4444';
const OTHER = 'GHSA-5555-6666-7777';
const CVE = 'CVE-2026-2001';

const trivy = (day: number, ...ids: readonly string[]) =>
  imageReport({
    image: SHOP,
    digest: 'a',
    at: on(day),
    vulnerabilities: ids.map((id) => ({ id, pkg: 'lodash', purlType: 'npm' })),
  });
const grype = (day: number, ...matches: readonly Match[]) =>
  grypeReport({ image: SHOP, digest: 'a', at: on(day), matches });

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox(on(60));
});
afterEach(() => inbox.close());

async function take(report: unknown, options: Partial<ImportOptions> = {}) {
  const result = imported(await inbox.importReport(report, options));
  expect(result.error).toBeNull();
  return result;
}

describe('aliases of advisories', () => {
  test('GHSA first, its CVE tomorrow: one finding, as if the CVE had been first', async () => {
    expect(await take(trivy(0, GHSA))).toMatchObject({ created: 1 });
    const [ghsa] = await inbox.list();
    await muteIssue(inbox.ctx, { id: ghsa?.id ?? '', reason: 'not reachable', until: null });
    expect(await take(grype(1, { id: GHSA, related: [CVE] }))).toMatchObject({ created: 0, changed: 1 });
    expect(await openSubjects(inbox)).toEqual([CVE]);
    const view = await explainIssue(inbox.ctx, { id: ghsa?.id ?? '' });
    expect(view.row).toMatchObject({ key: `library_vulnerability|${CVE}`, isMuted: true });
    expect(view.firstSeen).toBe(on(0));
    expect(view.findings[0]?.sightings.map((each) => each.source).sort()).toEqual(['grype', 'trivy']);
    expect(await findIssue(inbox.ctx, { name: ghsa?.id.slice(0, 6) ?? '' })).toEqual([view.row.id]);
    expect(await findIssue(inbox.ctx, { name: GHSA.toLowerCase() })).toEqual([view.row.id]);
    expect(await take(trivy(2, GHSA))).toMatchObject({ created: 0, unchanged: 1, closed: 0 });
    expect(await take(trivy(3))).toMatchObject({ closed: 0 });
    expect(await take(grype(4))).toMatchObject({ closed: 1 });
    expect(await openSubjects(inbox)).toEqual([]);
    expect(await take(trivy(5, GHSA))).toMatchObject({ created: 0, regressed: 1 });
  });

  test('a risk that waits for a second person waits on under the name in use', async () => {
    await take(trivy(0, GHSA));
    await chooseAcceptanceRules(inbox.ctx, { needsApproval: true });
    const [ghsa] = await inbox.list();
    const until = on(90);
    await act(inbox.ctx, ghsa?.id ?? '', { do: 'mute', reason: 'x', because: 'risk_accepted', until });
    await take(grype(1, { id: GHSA, related: [CVE] }));
    const [waiting] = await listAcceptances(inbox.ctx);
    const [cve] = await inbox.list();
    expect(waiting).toMatchObject({ issueId: cve?.id, title: expect.stringContaining(CVE) });
    const boss = { ...inbox.ctx, actor: { name: 'boss', role: 'administer' as const } };
    const declined = await decideAcceptance(boss, { id: waiting?.id ?? '', isApproved: false });
    expect(declined).toMatchObject({ issue: { id: cve?.id, isMuted: false }, action: null });
    expect(await listAcceptances(inbox.ctx)).toEqual([]);
  });

  test('a CVE that is known already takes the GHSA in, and is muted only if both were', async () => {
    await take(trivy(0, GHSA));
    await take(trivy(0, CVE), { source: 'second' });
    const [first, second] = await inbox.list();
    await muteIssue(inbox.ctx, { id: first?.id ?? '', reason: 'one', until: null });
    await take(grype(1, { id: GHSA, related: [CVE] }));
    expect(await inbox.list()).toMatchObject([{ key: `library_vulnerability|${CVE}`, isMuted: false }]);
    expect(new Set([first?.key, second?.key]).size).toBe(2);
  });

  test('both muted: muted; the aliases are audited', async () => {
    await take(trivy(0, GHSA));
    await take(trivy(0, CVE), { source: 'second' });
    for (const { id } of await inbox.list()) await muteIssue(inbox.ctx, { id, reason: 'both', until: null });
    await take(grype(1, { id: GHSA, related: [CVE] }));
    const issues = await inbox.database.pool.query('select key, is_muted from issue');
    expect(issues.rows).toEqual([{ key: `library_vulnerability|${CVE}`, is_muted: true }]);
    const events = await inbox.database.pool.query("select actor, details from event where verb = 're-key'");
    expect(events.rows).toMatchObject([{ actor: 'source:grype', details: { moved: 1, advisories: [GHSA] } }]);
  });

  test('two CVEs are never one: a name that stands for both stands for none, and what was one finding parts', async () => {
    await take(trivy(0, GHSA));
    await take(grype(1, { id: GHSA, related: [CVE] }));
    expect(await openSubjects(inbox)).toEqual([CVE]);
    const [only] = await inbox.list();
    inbox.clock.set(on(61));
    await muteIssue(inbox.ctx, { id: only?.id ?? '', reason: 'since', until: null });
    inbox.clock.set(on(62));
    await take(grype(1, { id: GHSA, related: [CVE, 'CVE-2026-2002'] }), { source: 'other' });
    expect(await openSubjects(inbox)).toEqual([CVE, GHSA]);
    const muted = await inbox.database.pool.query('select key, is_muted from issue order by key');
    expect(muted.rows.map((row) => row.is_muted)).toEqual([true, true]);
  });

  test('a person adds an alias and takes it back: all is as it was, and no report brings it again', async () => {
    await take(trivy(0, GHSA));
    await take(trivy(2, CVE), { source: 'second' });
    const [first] = await inbox.list();
    await muteIssue(inbox.ctx, { id: first?.id ?? '', reason: 'one', until: null });
    const before = await inboxState(inbox);
    inbox.clock.set(on(61));
    expect(await declareAlias(inbox.ctx, { name: GHSA.toLowerCase(), target: CVE })).toEqual({ moved: 1 });
    expect(await declareAlias(inbox.ctx, { name: GHSA, target: CVE })).toEqual({ moved: 0 });
    expect(await openSubjects(inbox)).toEqual([CVE]);
    inbox.clock.set(on(62));
    expect(await withdrawAlias(inbox.ctx, { name: GHSA, target: CVE })).toEqual({ moved: 1 });
    expect(await inboxState(inbox)).toEqual(before);
    await take(grype(1, { id: GHSA, related: [CVE] }));
    expect(await openSubjects(inbox)).toEqual([CVE, GHSA]);
    await expect(withdrawAlias(inbox.ctx, { name: GHSA, target: CVE })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(declareAlias(inbox.ctx, { name: 'CVE-2026-2009', target: CVE })).rejects.toMatchObject({
      code: 'usage',
    });
    expect(await inbox.ctx.aliases.list()).toMatchObject([{ name: GHSA, target: CVE, isWithdrawn: true }]);
  });

  test('whatever order the inputs come in, the state is the same', async () => {
    const inputs: readonly [unknown, Partial<ImportOptions>][] = [
      [trivy(3, GHSA, 'CVE-2026-2003'), { source: 'a' }],
      [trivy(2, CVE), { source: 'b' }],
      [grype(5, { id: GHSA, related: [CVE] }), { source: 'c' }],
      [grype(4, { id: OTHER, related: ['CVE-2026-2004', 'CVE-2026-2005'] }), { source: 'd' }],
      [grype(6, { id: OTHER, related: ['CVE-2026-2004'] }, { id: 'PYSEC-2026-7' }), { source: 'e' }],
      [grype(1, { id: 'PYSEC-2026-7', related: [GHSA] }), { source: 'f' }],
      [trivy(7, OTHER, GHSA), { source: 'g' }],
    ];
    const bring = async (order: readonly (typeof inputs)[number][]) => {
      const other = await openTestInbox(on(60));
      try {
        for (const [report, options] of order) imported(await other.importReport(report, options));
        return await inboxState(other);
      } finally {
        await other.close();
      }
    };
    const expected = await bring(inputs);
    expect(expected.findings.map((row) => row.advisory)).toEqual(
      expect.arrayContaining([CVE, 'CVE-2026-2003', 'CVE-2026-2004', OTHER]),
    );
    expect(expected.findings).toHaveLength(4);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...inputs], { minLength: inputs.length }), async (order) => {
        expect(await bring(order)).toEqual(expected);
      }),
      { numRuns: 5 },
    );
  });
});
