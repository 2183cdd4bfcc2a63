import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeAutomation } from '#app/change-automation.ts';
import { rateAdvisory } from '#app/rate-advisory.ts';
import { DAY_MS } from '#base/instant.ts';
import type { NewAutomationRule, RuleAction } from '#domain/automation/automation-rule.ts';
import type { FineField } from '#domain/automation/rules-in-force.ts';
import { prowlerReport } from '../../test/support/other-reports.ts';
import { imported, openTestInbox, START, type TestInbox } from '../../test/support/test-inbox.ts';
import { flaws, imageReport, type Vulnerability } from '../../test/support/trivy-report.ts';
import { loadGroups } from './alike-findings.ts';
import { type AlikeIssue, assessAlike } from './assess-alike.ts';
import { assessIssues, loadSettings } from './assess-issues.ts';
import type { Queryable } from './database.ts';
import { KeptSummaries } from './kept-summaries.ts';
import { organisationOf } from './organisation.ts';
import { matchesOf } from './rule-matches.ts';

const ORGANISATION = organisationOf(1n);
const BUCKETS = 40;

let inbox: TestInbox;
let issueId: string;

/** One check on many buckets that are alike in all that is assessed, and differ in what only rules ask for. */
beforeAll(async () => {
  inbox = await openTestInbox();
  const buckets = (from: number) =>
    prowlerReport(
      Array.from({ length: BUCKETS / 2 }, (_, index) => ({
        bucket: `${index % 3 === 0 ? 'logs' : 'data'}-${from + index}`,
      })),
    );
  imported(await inbox.importReport(buckets(0), { source: 'one', scope: { part: 'a' } }));
  imported(await inbox.importReport(buckets(BUCKETS / 2), { source: 'two', scope: { part: 'b' } }));
  const { pool } = inbox.database;
  const number = `substring(resource_name from '[0-9]+')::integer`;
  await pool.query(
    `update finding set first_seen = $1::timestamptz - make_interval(hours => 12 * ${number}),
       tool_check = case when ${number} % 5 = 0 then 'other:same-control' else tool_check end,
       summary = jsonb_set(jsonb_set(summary, '{title}', to_jsonb('Title ' || ${number} % 4)), '{fixable}', to_jsonb(${number} % 2 = 0))`,
    [new Date(START)],
  );
  await pool.query(
    `update resource set region = case when substring(name from '[0-9]+')::integer % 2 = 0 then 'eu-west-1' else 'us-east-1' end,
       tags = jsonb_build_object('tier', case when substring(name from '[0-9]+')::integer % 3 = 0 then 'gold' else 'iron' end)
     where name ~ '[0-9]'`,
  );
  issueId = (await inbox.list())[0]?.id ?? '';
});
afterAll(() => inbox.close());

const conditions = fc
  .array(
    fc.constantFrom(
      'first_seen:<now-3d',
      'first_seen:[now-9d TO now-4d]',
      'resource:logs-*',
      'resource:*data-1*',
      'resource:aws:arn:aws:s3:::data-2',
      'source:one',
      'tool:prowler',
      'kind:aws*',
      'region:eu-*',
      'tag:tier=gold',
      'tag:tier=* -region:us-east-1',
      'title:encryption',
      'severity:medium',
      'risk:in_production',
      'check:*s3*',
      'check:other:*',
    ),
    { minLength: 1, maxLength: 3 },
  )
  .chain((parts) =>
    fc.tuple(fc.constantFrom(' ', ' OR '), fc.boolean()).map(([by, isNot]) => {
      const text = parts.join(by);
      return isNot ? `-(${text})` : text;
    }),
  );
const actions = fc.constantFrom<RuleAction>(
  { type: 'severity', shift: 'up_one' },
  { type: 'severity', set: 'low' },
  { type: 'mute', reason: 'no_fix', until: null, description: null },
  { type: 'due_date', days: { critical: 3, high: 5, medium: 9, low: 12 }, from: 'first_seen' },
  { type: 'inbox', reason: 'because' },
  { type: 'assign', team: 'red', person: null },
  { type: 'assign', team: null, person: 'anna' },
);

/** Everything but the members, of which there are fewer where many are taken for one. */
function withoutMembers({ assessed, fix: _, ...issue }: AlikeIssue): unknown {
  const { members, lead, ...row } = assessed;
  const matches = matchesOf(members).map(({ rule, takenBy, findings }) => `${rule} ${takenBy} ${findings}`);
  return { ...issue, ...row, lead: lead.finding.fingerprint, matches: matches.sort() };
}

test('many findings that are alike are assessed as if each were looked at, whatever rules tell apart among them', async () => {
  const { pool } = inbox.database;
  const sizes = new Set<number>();
  const matched = new Set<number>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(conditions, actions), { minLength: 1, maxLength: 4 }),
      async (written) => {
        const rules = written.map(
          ([query, action], index): NewAutomationRule => ({
            id: `r-${index}`,
            name: `Rule ${index}`,
            isEnabled: true,
            findingTypes: ['misconfiguration'],
            // One on severity asks for it as it was before.
            query: action.type === 'severity' ? query.replace('severity:', 'computed_severity:') : query,
            action,
          }),
        );
        await inbox.ctx.automation.change(
          () => rules,
          'tester',
          () => undefined,
        );
        const settings = await loadSettings(pool, ORGANISATION, START);
        const naive = await assessIssues(pool, ORGANISATION, START, [issueId]);
        const alike: AlikeIssue[] = [];
        for await (const part of assessAlike(pool, ORGANISATION, settings, [issueId])) alike.push(...part);
        expect(alike.map(withoutMembers)).toEqual(naive.map(withoutMembers));
        for (const { assessed } of alike) sizes.add(assessed.members.length);
        for (const { findings } of alike.flatMap(({ assessed }) => matchesOf(assessed.members)))
          matched.add(findings);
      },
    ),
    { numRuns: 40, endOnFailure: true },
  );
  // They were taken together and told apart, and rules matched some of them only.
  expect(Math.min(...sizes)).toBeLessThan(4);
  expect(Math.max(...sizes)).toBeGreaterThan(4);
  expect(Math.max(...sizes)).toBeLessThan(BUCKETS);
  expect([...matched].filter((findings) => findings < BUCKETS).length).toBeGreaterThan(3);
});

test('without a rule that asks for it nothing is told apart', async () => {
  await changeAutomation(inbox.ctx, { what: 'file', text: 'severity:\nmute:\ndue_date:\ninbox:\nassign:\n' });
  const { pool } = inbox.database;
  const settings = await loadSettings(pool, ORGANISATION, START + DAY_MS);
  for await (const [issue] of assessAlike(pool, ORGANISATION, settings, [issueId])) {
    expect(issue?.openFindings).toBe(BUCKETS);
    expect(issue?.assessed.members.length).toBeLessThan(4);
  }
});

test('findings of many issues that are alike are assessed as if each were looked at', async () => {
  const { pool } = inbox.database;
  const some = (from: number, more: Partial<Vulnerability>) =>
    flaws(4, more, from).map((each) => ({ ...each, title: `Title of ${each.id}` }));
  const vulnerabilities = [
    ...some(0, { severity: 'HIGH', fixed: null }),
    ...some(4, { severity: 'HIGH', fixed: '2.0', purlType: 'npm' }),
    ...some(8, { severity: 'LOW' }),
  ];
  for (const [image, environment] of [
    ['shop/api:1', 'production'],
    ['shop/web:1', 'production'],
    ['shop/job:1', 'staging'],
  ] as const)
    imported(
      await inbox.importReport(imageReport({ image, digest: image, vulnerabilities }), {
        source: image,
        environment,
      }),
    );
  const writer = await inbox.ctx.feedStore.open('kev');
  for (const advisory of ['CVE-2026-1001', 'CVE-2026-1005'])
    await writer.add({
      kind: 'exploited',
      advisory,
      title: advisory,
      dateAdded: START,
      dueDate: null,
      ransomware: 'unknown',
    });
  await writer.commit(
    { id: 'kev', origin: 'test', version: null, contentAt: START, readAt: START },
    'tester',
  );
  const emerging = await inbox.ctx.feedStore.open('emerging');
  for (const advisory of ['CVE-2026-1003', 'CVE-2026-1009'])
    await emerging.add({ kind: 'emerging', advisory, until: START + 9 * DAY_MS, reason: null });
  await emerging.commit(
    { id: 'emerging', origin: 'test', version: null, contentAt: START, readAt: START },
    'tester',
  );
  await rateAdvisory(inbox.ctx, { advisory: 'CVE-2026-1002', severity: 'critical', reason: 'Seen' });
  const ids = (await pool.query<{ id: string }>('select id from issue order by id')).rows.map(({ id }) => id);
  const inOrder = (issues: readonly AlikeIssue[]) =>
    issues.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(withoutMembers);
  const rule = 'id: r, name: R, for: [library_vulnerability, infrastructure_vulnerability]';
  for (const action of [
    `mute: [{ ${rule}, when: "title:1006 OR known_exploited:yes", reason: no_fix }]`,
    `mute: [{ ${rule}, when: "cve:CVE-2026-1006 OR cve:CVE-2026-1010", reason: no_fix }]`,
    `inbox: [{ ${rule}, when: "severity:high environment:production", reason: x }]`,
    `severity: [{ ${rule}, when: "computed_severity:high", shift: up_one }]`,
    `severity: [{ ${rule}, when: "cve:CVE-2026-1000", set: low }]`,
  ]) {
    const others = ['severity', 'mute', 'inbox'].filter((type) => !action.startsWith(type));
    await changeAutomation(inbox.ctx, {
      what: 'file',
      text: `${others.map((type) => `${type}:\n`).join('')}${action}\n`,
    });
    const settings = await loadSettings(pool, ORGANISATION, START);
    const naive = await assessIssues(pool, ORGANISATION, START, ids);
    const alike: AlikeIssue[] = [];
    const kept = new KeptSummaries(3);
    for (const id of ids)
      for await (const part of assessAlike(pool, ORGANISATION, settings, [id], kept)) alike.push(...part);
    const together: AlikeIssue[] = [];
    for await (const part of assessAlike(pool, ORGANISATION, settings, ids)) together.push(...part);
    expect(alike.length).toBeGreaterThan(11);
    expect(inOrder(alike)).toEqual(inOrder(naive));
    expect(inOrder(together)).toEqual(inOrder(naive));
  }
});

test('findings are grouped by an index alone, told apart by title, fix, check and first day too', async () => {
  const connection = await inbox.database.pool.connect();
  try {
    await connection.query('begin');
    // Of so few rows any way is as good.
    await connection.query('set local enable_seqscan = off');
    await connection.query('set local enable_bitmapscan = off');
    await connection.query('drop index finding_resource');
    await connection.query('alter table finding drop constraint finding_pkey');
    const plans: string[] = [];
    const explaining = {
      query: async ({ text, values }: { text: string; values: unknown[] }) => {
        const plan = await connection.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
        plans.push(plan.rows.map((row) => row['QUERY PLAN']).join('\n'));
        return { rows: [] };
      },
    } as unknown as Queryable;
    for (const fine of [[], ['team'], ['title', 'fixable', 'check', 'first_seen'], ['resource']] as const)
      await loadGroups(explaining, ORGANISATION.shard, [issueId], [], new Set<FineField>(fine), null);
    expect(plans.map((plan) => plan.includes('Index Only Scan using finding_issue'))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  } finally {
    await connection.query('rollback');
    connection.release();
  }
});
