import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeAutomation } from '../../src/app/change-automation.ts';
import { explainIssue } from '../../src/app/explain-issue.ts';
import { listAutomation } from '../../src/app/list-automation.ts';
import { planFixes } from '../../src/app/plan-fixes.ts';
import { tryFixes } from '../../src/app/try-fixes.ts';
import { DAY_MS } from '../../src/base/instant.ts';
import { paintFor } from '../../src/cli/paint.ts';
import { presentWhy } from '../../src/cli/present-why.ts';
import { presentIssueDetail } from '../../src/contract/from-domain/present-issue-detail.ts';
import { RULE_TYPES } from '../../src/domain/automation/automation-rule.ts';
import { FINDING_TYPES } from '../../src/domain/finding/finding-type.ts';
import { DEFAULT_RULES } from '../../src/domain/inbox/default-rules.ts';
import type { IssueRow } from '../../src/domain/ports/inbox-store.ts';
import { DETECTED_RISKS } from '../../src/domain/risk/detected-risk.ts';
import { attackWindowStart } from '../../src/domain/risk/under-attack.ts';
import { SEVERITIES } from '../../src/domain/severity/severity.ts';
import { loadDemo } from '../../src/jobs/load-demo.ts';
import { openTestInbox, type TestInbox } from '../support/test-inbox.ts';

const FOLDER = join(import.meta.dirname, 'demo');
const GOLDEN = join(FOLDER, 'top.expected.txt');
const RISKS_GOLDEN = join(FOLDER, 'risks.expected.txt');
const BYTES_MAX = 1_500_000;

let inbox: TestInbox;
let issues: readonly IssueRow[];
let admitted: readonly IssueRow[];

beforeAll(async () => {
  inbox = await openTestInbox();
  await loadDemo(inbox.ctx, FOLDER, () => undefined);
  issues = await inbox.list();
  admitted = await inbox.list({ all: false });
});

afterAll(async () => inbox.close());

describe('the estate of the demo', () => {
  it('is small', async () => {
    const files = await readdir(FOLDER, { recursive: true, withFileTypes: true });
    const sizes = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map(async (file) => (await stat(join(file.parentPath, file.name))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(BYTES_MAX);
  });

  it('fills the inbox and lets more wait outside', () => {
    expect(admitted.length).toBeGreaterThanOrEqual(60);
    expect(issues.length).toBeGreaterThanOrEqual(200);
    expect(issues.filter((issue) => !issue.isAdmitted).length).toBeGreaterThanOrEqual(100);
    expect(new Set(admitted.map((issue) => issue.rank)).size).toBeGreaterThanOrEqual(15);
  });

  it('holds every severity and every type that today’s formats give', () => {
    expect([...new Set(issues.map((issue) => issue.severity))].sort()).toEqual([...SEVERITIES].sort());
    expect([...new Set(issues.map((issue) => issue.type))].sort()).toEqual([
      'attack_path',
      'code_vulnerability',
      'iac_misconfiguration',
      'identity_risk',
      'infrastructure_vulnerability',
      'library_vulnerability',
      'misconfiguration',
      'secret',
    ]);
  });

  it('has a rule of each type, and each of them acts', async () => {
    const rules = await listAutomation(inbox.ctx);
    expect(rules.map(({ rule, state }) => `${rule.action.type} ${state}`)).toEqual(
      RULE_TYPES.map((type) => `${type} acts`),
    );
  });

  it.each(DETECTED_RISKS)('knows %s, rules it out and does not know it', (risk) => {
    expect([...new Set(issues.map((issue) => issue.riskStates[risk]))].sort()).toEqual([
      'no',
      'unknown',
      'yes',
    ]);
    expect([...new Set(admitted.map((issue) => issue.riskStates[risk]))].sort()).toEqual([
      'no',
      'unknown',
      'yes',
    ]);
  });

  it.each(DEFAULT_RULES.map((rule) => rule.id))('%s admits something', (rule) => {
    expect(
      admitted.filter((issue) => issue.admittedBy.includes(rule)).map((issue) => issue.title),
    ).not.toEqual([]);
  });

  it('has a history of half a year: scanners come one after the other, and what they find is fixed', async () => {
    const { weeks } = await inbox.ctx.overview.overview(26);
    const open = weeks.map((week) => Object.values(week.open).reduce((sum, count) => sum + count, 0));
    expect(open.filter((count) => count > 0).length).toBeGreaterThanOrEqual(20);
    expect(
      open.filter((count, index) => index > 0 && count > (open[index - 1] as number)).length,
    ).toBeGreaterThanOrEqual(8);
    expect(
      open.filter((count, index) => index > 0 && count < (open[index - 1] as number)).length,
    ).toBeGreaterThanOrEqual(5);
    expect(weeks.filter(({ closed }) => closed > 0).length).toBeGreaterThanOrEqual(10);
    expect(new Set(weeks.map(({ medianDays }) => medianDays)).size).toBeGreaterThanOrEqual(8);
  });

  it('names who owns what and counts what is hit', () => {
    expect([...new Set(admitted.map((issue) => issue.team))].sort()).toEqual([
      'discovery',
      'logistics',
      'payments',
      'platform',
      'web',
    ]);
    expect(Math.max(...admitted.map((issue) => issue.resources))).toBeGreaterThanOrEqual(3);
    expect(Math.max(...admitted.map((issue) => issue.services))).toBeGreaterThanOrEqual(3);
  });

  it('has ways from outside to what matters, each with its steps and what closes them', async () => {
    const { paths, notes } = await inbox.ctx.paths.list();
    expect(paths.map(({ path }) => `${path.severity}  ${path.title}`)).toEqual([
      'critical  A flaw in registry.larkspur.example/search leads from a pod through its cloud role to larkspur-assets',
      'critical  A role that any user of an identity provider may take administers 3 accounts: ci-deploy',
      'high  A flaw in registry.larkspur.example/warehouse-bridge lets outsiders break out to a node of cluster larkspur-production',
      'high  A role that anybody may take leads to larkspur-exports: loyalty-guest',
      'high  A role that any AWS account may assume leads to larkspur-exports: partner-download',
      'high  A key that leaked reads larkspur-exports: analytics-export',
      'high  Production data that anybody may read: larkspur-exports',
      'high  A copy of data that anybody may restore: larkspur-orders-migration',
      'high  A name that points to nothing can be taken: what people load from 52.28.4.119',
      'medium  A flaw in registry.larkspur.example/search leads from a pod through its cloud role to account 123456789012',
      'medium  A database that anybody may log in to with a password: larkspur-analytics',
    ]);
    expect(new Set(paths.map(({ path }) => path.shape)).size).toBeGreaterThanOrEqual(8);
    expect(notes).toEqual([]);
    for (const { path } of paths)
      for (const { steps } of path.paths)
        expect(
          steps.map(({ gates, sentence }) => [gates.length > 0, sentence === '']),
          path.title,
        ).toEqual(steps.map(() => [true, false]));
  });

  it('has known a path since the day when what was read made it possible', () => {
    const days = (firstSeen: number) => (inbox.clock.now() - firstSeen) / DAY_MS;
    const paths = issues.filter(({ type }) => type === 'attack_path');
    expect(Object.fromEntries(paths.map(({ title, firstSeen }) => [title, days(firstSeen)]))).toEqual({
      'A name that points to nothing can be taken: what people load from 52.28.4.119': 126,
      'A role that any user of an identity provider may take administers 3 accounts: ci-deploy': 49,
      'A role that anybody may take leads to larkspur-exports: loyalty-guest': 49,
      'A role that any AWS account may assume leads to larkspur-exports: partner-download': 49,
      'Production data that anybody may read: larkspur-exports': 49,
      'A copy of data that anybody may restore: larkspur-orders-migration': 49,
      'A database that anybody may log in to with a password: larkspur-analytics': 49,
      'A flaw in registry.larkspur.example/search leads from a pod through its cloud role to larkspur-assets': 0,
      'A flaw in registry.larkspur.example/search leads from a pod through its cloud role to account 123456789012': 0,
      'A flaw in registry.larkspur.example/warehouse-bridge lets outsiders break out to a node of cluster larkspur-production': 0,
      'A key that leaked reads larkspur-exports: analytics-export': 0,
    });
  });

  it('says of each risk what it rests on, of what nobody knows what would tell, and of each score how it came to be', async () => {
    for (const { id, title, riskStates, severity } of admitted) {
      const { why } = await explainIssue(inbox.ctx, { id });
      const told = (why?.risks ?? []).map(({ risk, state, evidence, missing }) => ({
        risk,
        state,
        isTold: (state === 'unknown' ? missing : evidence.map(({ sentence }) => sentence)).some(
          (text) => text !== '',
        ),
        isSourced: evidence.every(({ provenance, sentence }) => provenance !== '' && sentence !== ''),
      }));
      expect(told, title).toEqual(
        DETECTED_RISKS.map((risk) => ({ risk, state: riskStates[risk], isTold: true, isSourced: true })),
      );
      const yes = new Map(
        (why?.risks ?? []).map(({ state, risk, evidence }) => [risk, state === 'yes' ? evidence : []]),
      );
      for (const { sentence, provenance, link } of yes.get('exploit_available') ?? [])
        expect(`${provenance}: ${sentence} ${link}`, title).toMatch(
          /^(?:CISA KEV|Exploit-DB|Metasploit|Nuclei|NVD): (?:Weaponised|Proof of concept): .* https?:\/\//,
        );
      for (const { at } of yes.get('under_attack') ?? [])
        expect(at, title).toBeGreaterThanOrEqual(attackWindowStart(inbox.clock.now()));
      expect(why?.score, title).toMatchObject({ severity, sentence: expect.stringMatching(/\S/) });
      expect(why?.admission, title).toMatchObject({ admitted: true });
      expect(
        why?.admission.rules.some(({ verdict }) => verdict === 'met'),
        title,
      ).toBe(true);
    }
    for (const { id, title } of issues.filter(({ isAdmitted }) => !isAdmitted).slice(0, 60)) {
      const { why } = await explainIssue(inbox.ctx, { id });
      const rules = (why?.admission.rules ?? []).map(({ verdict, sentence, missing }) =>
        verdict === 'unknown'
          ? missing.length > 0
          : verdict === 'not met' && /Fails at: \w|No default rule/.test(sentence),
      );
      expect(rules.length > 0 && rules.every((isTold) => isTold), title).toBe(true);
    }
  });

  it('shows each risk with its evidence where all five are there', async () => {
    const every = admitted.filter(({ riskStates }) =>
      DETECTED_RISKS.every((risk) => riskStates[risk] === 'yes'),
    );
    const [first] = every as [IssueRow];
    const explained = presentIssueDetail(await explainIssue(inbox.ctx, { id: first.id }));
    const lines = presentWhy(explained, paintFor({ isColourWanted: false }));
    const start = lines.indexOf('Detected risks');
    const told = lines.slice(start, lines.indexOf('', start));
    await expect(`${first.title}\n\n${told.join('\n')}\n`).toMatchFileSnapshot(RISKS_GOLDEN);
  });

  it('has fixes for them, and says which flaws they go through', async () => {
    const plan = await planFixes(inbox.ctx);
    const { fixes, share, atLeast } = plan;
    const [first] = fixes;
    expect(first?.gate.sentence).toContain('ci-deploy');
    expect(first?.share).toBeGreaterThan(0.5);
    expect(fixes.at(-1)?.left).toBe(0);
    expect(share).toBeCloseTo(1);
    expect(atLeast).toBeGreaterThan(fixes.length / 2);
    expect(atLeast).toBeLessThanOrEqual(fixes.length);
    const { paths } = await tryFixes(inbox.ctx, { words: ['trust policy of ci-deploy'] });
    expect(paths.filter(({ becomes }) => becomes === 'gone').map(({ shape }) => shape)).toEqual([
      'pipeline-role-open-to-anybody',
    ]);
    expect(
      paths.filter(({ becomes }) => becomes !== 'gone').every(({ becomes }) => becomes === 'the same'),
    ).toBe(true);
    await expect(tryFixes(inbox.ctx, { words: ['nothing of the kind'] })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(issues.filter(({ attackPaths }) => attackPaths > 0).map(({ type }) => type)).toContain(
      'infrastructure_vulnerability',
    );
  });

  it('has one path through three kinds of finding: a library, a secret, an identity', async () => {
    const { paths } = await inbox.ctx.paths.list();
    const kinds = paths.map(({ path }) =>
      [...new Set(path.gateIssues.map((id) => issues.find((issue) => issue.id === id)?.type))].sort(),
    );
    expect(kinds).toContainEqual(
      expect.arrayContaining(['identity_risk', 'library_vulnerability', 'secret']),
    );
  });

  it('keeps what was dismissed in a tool, muted with its reason', async () => {
    const muted = await inbox.database.pool.query<{ title: string }>(
      'select title from issue where is_muted order by title',
    );
    expect(muted.rows.map((row) => row.title)).toEqual([
      'Detects "variable[key]" as a left- or right-hand assignment operand.',
      'Disabled Spring CSRF protection',
      'Disallow non-null assertions using the `!` postfix operator',
      'Key policy allows everyone',
      'Statically-sized arrays can be improperly restricted, leading to potential overflows or other issues (CWE-119!/CWE-120).',
    ]);
    expect(issues.map((issue) => issue.title)).not.toContain('Key policy allows everyone');
  });

  it('makes one finding of what two scanners see', async () => {
    const both = await inbox.database.pool.query<{ advisory: string; resource_name: string }>(
      'select advisory, resource_name from finding where is_open and summary -> \'sources\' = \'["grype", "trivy"]\' order by advisory',
    );
    expect(both.rows.map((row) => `${row.advisory} ${row.resource_name}`)).toEqual([
      'CVE-2019-25013 registry.larkspur.example/recommendations',
      'CVE-2021-3177 registry.larkspur.example/recommendations',
    ]);
  });

  it('keeps its attack paths where everything that they go through is muted by a rule, and all comes back without it', async () => {
    const before = await inbox.list();
    const rule = {
      id: 'mute-all',
      name: 'Everything but paths',
      isEnabled: true,
      findingTypes: FINDING_TYPES.filter((type) => type !== 'attack_path'),
      query: '',
      action: { type: 'mute', reason: 'no_fix', until: null, description: null },
    } as const;
    await changeAutomation(inbox.ctx, { what: 'put', rule, position: 1 });
    expect(await inbox.list()).toEqual(before.filter((issue) => issue.type === 'attack_path'));
    await changeAutomation(inbox.ctx, { what: 'remove', id: rule.id });
    expect(await inbox.list()).toEqual(before);
  });

  it('speaks to people', () => {
    expect(
      issues
        .map((issue) => issue.title)
        .filter((title) => title.trim() === '' || /undefined|null|\[object|<[a-z_]+>$/.test(title)),
    ).toEqual([]);
  });
});

it('ranks in this order', async () => {
  const states = { yes: '●', no: '○', unknown: '?' } as const;
  const lines = admitted
    .slice(0, 15)
    .map((issue) =>
      [
        issue.severity,
        DETECTED_RISKS.map((risk) => states[issue.riskStates[risk]]).join(''),
        `impact ${issue.impact}`,
        issue.team,
        issue.title,
      ].join('  '),
    );
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(GOLDEN);
});
