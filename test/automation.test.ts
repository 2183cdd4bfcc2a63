import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changeAutomation, previewAutomation } from '../src/app/change-automation.ts';
import { exportAutomation, listAutomation, showRunningChange } from '../src/app/list-automation.ts';
import { listHistory } from '../src/app/list-history.ts';
import { DAY_MS } from '../src/base/instant.ts';
import { presentHistory } from '../src/contract/from-domain/present-history.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { imageReport, type Vulnerability } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const apply = (text: string) => changeAutomation(inbox.ctx, { what: 'file', text });

const FLAWS: readonly Vulnerability[] = [
  { id: 'CVE-2026-1000', severity: 'CRITICAL', purlType: 'npm', title: 'Remote code', fixed: '2.0' },
  { id: 'CVE-2026-2000', severity: 'HIGH', purlType: 'npm', title: 'Leak', fixed: null },
];

async function importFlaws(vulnerabilities = FLAWS): Promise<void> {
  imported(
    await inbox.importReport(imageReport({ image: 'registry.example.com/cart:1', vulnerabilities }), {
      source: 'ci',
      environment: 'production',
      team: 'web',
    }),
  );
}

async function standing() {
  const rows = await inbox.ctx.inbox.list({
    all: true,
    severities: [],
    types: [],
    risks: [],
    statuses: [],
    muted: 'any',
    text: null,
    condition: null,
    after: null,
    limit: 100,
  });
  return rows.map((row) => ({
    flaw: row.key.split('|')[1],
    severity: row.severity,
    score: row.score,
    admittedBy: row.admittedBy,
    muted: row.isMuted,
    due: row.dueAt === null ? null : (row.dueAt - START) / DAY_MS,
    assignee: row.assignee,
    team: row.team,
  }));
}

const PLAIN = {
  '1000': {
    flaw: 'CVE-2026-1000',
    severity: 'critical',
    score: 9.5,
    admittedBy: [],
    muted: false,
    due: null,
    assignee: null,
    team: 'web',
  },
  '2000': {
    flaw: 'CVE-2026-2000',
    severity: 'high',
    score: 8,
    admittedBy: [],
    muted: false,
    due: null,
    assignee: null,
    team: 'web',
  },
} as const;

const ALL = `
severity:
  - id: lower-leaks
    name: Leaks are not that bad
    for: [library_vulnerability]
    when: title:leak
    set: low
mute:
  - id: known-leaks
    name: Leaks are known
    for: [library_vulnerability]
    when: severity:low
    reason: risk_accepted
due_date:
  - id: deadlines
    name: Deadlines
    for: [library_vulnerability]
    days: { critical: 7, low: 90 }
inbox:
  - id: production
    name: All of production
    for: [library_vulnerability]
    when: environment:production severity:critical
    reason: It is in production.
assign:
  - id: to-security
    name: To the security team
    for: [library_vulnerability]
    when: cve:CVE-2026-1000
    team: security
`;

test('a rule of each type acts, those on severity first, and lets go when it is gone', async () => {
  await importFlaws();
  expect(await standing()).toEqual([PLAIN['1000'], PLAIN['2000']]);
  await apply(ALL);
  expect(await standing()).toEqual([
    { ...PLAIN['1000'], admittedBy: ['production'], due: 7, team: 'security' },
    { ...PLAIN['2000'], severity: 'low', score: 2, muted: true },
  ]);
  expect(
    (await listAutomation(inbox.ctx)).map(({ rule, findings, state }) => [rule.id, findings, state]),
  ).toEqual([
    ['lower-leaks', 1, 'acts'],
    ['known-leaks', 1, 'acts'],
    ['deadlines', 2, 'acts'],
    ['production', 1, 'acts'],
    ['to-security', 1, 'acts'],
  ]);
  expect(await apply(await exportAutomation(inbox.ctx))).toEqual([]);
  await changeAutomation(inbox.ctx, { what: 'switch', id: 'lower-leaks', isEnabled: false });
  expect(await standing()).toEqual([
    { ...PLAIN['1000'], admittedBy: ['production'], due: 7, team: 'security' },
    PLAIN['2000'],
  ]);
  await apply('severity:\nmute:\ndue_date:\ninbox:\nassign:\n');
  expect(await standing()).toEqual([PLAIN['1000'], PLAIN['2000']]);
  expect(await inbox.ctx.automation.matches()).toEqual([]);
});

describe('what a change would do', () => {
  test('is told without being done', async () => {
    await importFlaws();
    const told = await previewAutomation(inbox.ctx, { what: 'file', text: ALL });
    expect(told).toMatchObject({ assessed: 2, enter: 1, leave: 0, moved: 0, changed: 2 });
    expect(told.samples.map(({ before, after }) => [before.place, after.place])).toEqual([
      [null, 1],
      [null, null],
    ]);
    expect(await standing()).toEqual([PLAIN['1000'], PLAIN['2000']]);
    expect(await inbox.ctx.automation.rules()).toEqual([]);
  });

  test('counts whatever lists tell of an issue, also what moves neither its place nor its severity', async () => {
    await importFlaws();
    imported(
      await inbox.importReport(
        imageReport({
          image: 'registry.example.com/shop:1',
          vulnerabilities: [{ id: 'CVE-2026-2000', severity: 'HIGH', purlType: 'npm', title: 'Leak' }],
        }),
        { source: 'ci', scope: { image: 'shop' }, environment: 'staging', team: 'web' },
      ),
    );
    const rows = async () =>
      (
        await inbox.database.pool.query<{ resources: number; risks: number; severity: number }>(
          "select resources, risks_yes as risks, severity, rank from issue where advisory = 'CVE-2026-2000'",
        )
      ).rows[0];
    const before = await rows();
    // What is muted is the finding in production: the other one is as severe, and leads then.
    const text =
      'mute:\n  - { id: part, name: A part, for: [library_vulnerability], when: "cve:CVE-2026-2000 environment:production", reason: no_fix }\n';
    const told = await previewAutomation(inbox.ctx, { what: 'file', text });
    expect(told).toMatchObject({ enter: 0, leave: 0, moved: 0, changed: 1, samples: [{}] });
    await apply(text);
    expect(await rows()).toMatchObject({ severity: before?.severity, resources: 1, risks: 0 });
    expect(before).toMatchObject({ resources: 2, risks: 16 });
    // The same once more moves nothing.
    expect(await previewAutomation(inbox.ctx, { what: 'file', text })).toMatchObject({ changed: 0 });
  });

  const TICKETS = (more = '') =>
    `ticket:\n  - { id: tell, name: Tell, for: [library_vulnerability], when: "title:leak OR title:code", receiver: nobody-yet, per_day: 5, all: true${more} }\n`;

  test('shows the ticket that a rule would make of the highest issue, and makes none', async () => {
    await importFlaws();
    const { tickets } = await previewAutomation(inbox.ctx, { what: 'file', text: TICKETS() });
    const [worst] = await inbox.list();
    expect(tickets).toEqual([
      {
        rule: 'tell',
        issueId: worst?.id,
        title: expect.stringMatching(/^\[critical\] .*CVE-2026-1000/),
        text: expect.stringContaining('Severity: critical (9.5)'),
      },
    ]);
    expect(tickets[0]?.text).toContain('registry.example.com/cart');
    expect(tickets[0]?.text).toContain('Closing this ticket does not resolve the issue');
    expect((await inbox.database.pool.query('select from delivery')).rowCount).toBe(0);
  });

  test('shows it as the issue would be by the other rules, and none where no issue asks for one', async () => {
    await importFlaws();
    const lower = `severity:\n  - { id: low, name: Low, for: [library_vulnerability], when: "cve:CVE-2026-1000", set: low }\n`;
    const sample = async (text: string) =>
      (await previewAutomation(inbox.ctx, { what: 'file', text })).tickets.map(({ title }) => title);
    expect(await sample(`${TICKETS()}${lower}`)).toEqual([
      expect.stringMatching(/^\[high\] .*CVE-2026-2000/),
    ]);
    const all = lower.replace(' when: "cve:CVE-2026-1000",', '');
    const [ticket] = (await previewAutomation(inbox.ctx, { what: 'file', text: `${TICKETS()}${all}` }))
      .tickets;
    expect(ticket?.title).toMatch(/^\[low\] /);
    expect(ticket?.text).toContain('Severity: low (2.0)');
    const quiet = `mute:\n  - { id: quiet, name: Quiet, for: [library_vulnerability], reason: no_fix }\n`;
    expect(await sample(`${TICKETS()}${quiet}`)).toEqual([]);
    expect(await sample(TICKETS().replace('all: true', 'all: false'))).toEqual([]);
    // A rule that does not change asks for nothing new.
    await apply(TICKETS());
    expect(await sample(`${TICKETS()}${lower}`)).toEqual([]);
  });
});

describe('rules that do nothing are told', () => {
  const states = async () =>
    (await listAutomation(inbox.ctx)).map(({ rule, state, findings, sentence }) => [
      rule.id,
      state,
      findings,
      sentence,
    ]);

  test('one that never matched, one that no longer does, and one whose time is over', async () => {
    await importFlaws();
    await apply(
      `mute:
  - { id: never, name: Never, for: [library_vulnerability], when: "title:moon", reason: no_fix }
  - { id: once, name: Once, for: [library_vulnerability], when: "cve:CVE-2026-1000", reason: no_fix }
  - { id: timed, name: Timed, for: [library_vulnerability], when: "cve:CVE-2026-2000", reason: no_fix, until: ${new Date(START + DAY_MS).toISOString()} }
`,
    );
    const none = ['no match', 0, 'No open finding matches it.'];
    expect(await states()).toEqual([
      ['never', ...none],
      ['once', 'acts', 1, null],
      ['timed', 'acts', 1, null],
    ]);
    inbox.clock.set(START + DAY_MS);
    imported(
      await inbox.importReport(
        imageReport({
          image: 'registry.example.com/cart:1',
          at: inbox.clock.now(),
          vulnerabilities: [{ id: 'CVE-2026-2000', severity: 'HIGH', purlType: 'npm', title: 'Leak' }],
        }),
        { source: 'ci', environment: 'production', team: 'web' },
      ),
    );
    await inbox.ctx.inbox.sweep();
    expect(await states()).toEqual([
      ['never', ...none],
      ['once', ...none],
      ['timed', 'over', 0, 'Its time is over: it mutes nothing any more.'],
    ]);
  });
});

const MUTE = `
mute:
  - { id: by-rule, name: Accepted, for: [library_vulnerability], when: "cve:CVE-2026-1000", reason: risk_accepted }
`;

describe('what a person decided stays when the rule goes, and what the rule did goes with it', () => {
  test('a mute by both, the rule removed', async () => {
    await importFlaws();
    await apply(MUTE);
    const [issue] = await inbox.list();
    expect(issue?.key).toContain('CVE-2026-2000');
    await inbox.ctx.inbox.decide(
      issue?.id ?? '',
      { kind: 'mute', isMuted: true, reason: 'mine', until: null },
      'bob',
    );
    await changeAutomation(inbox.ctx, { what: 'remove', id: 'by-rule' });
    expect((await standing()).map(({ flaw, muted }) => [flaw, muted])).toEqual([
      ['CVE-2026-1000', false],
      ['CVE-2026-2000', true],
    ]);
  });

  test('nothing that a rule does is stored as a decision', async () => {
    await importFlaws();
    await apply(ALL);
    expect((await inbox.database.pool.query('select * from decision')).rows).toEqual([]);
  });
});

test('what is closed keeps the severity that it had, whatever becomes of the rules, until it is back', async () => {
  await importFlaws();
  await apply(ALL);
  const kept = async () =>
    (
      await inbox.database.pool.query<{ status: string; severity: number; score: number }>(
        "select status, severity, score from issue where advisory = 'CVE-2026-2000'",
      )
    ).rows[0];
  const low = { severity: 1, score: 2 };
  expect(await kept()).toEqual({ status: 'open', ...low });
  await importFlaws(FLAWS.slice(0, 1));
  expect(await kept()).toEqual({ status: 'resolved', ...low });
  await apply('severity:\nmute:\n');
  expect(await kept()).toEqual({ status: 'resolved', ...low });
  await importFlaws();
  expect(await kept()).toEqual({ status: 'open', severity: 3, score: 8 });
});

describe('the order of the rules', () => {
  const TWO = `
severity:
  - { id: broad, name: Broad, for: [library_vulnerability], set: medium }
  - { id: narrow, name: Narrow, for: [library_vulnerability], when: "cve:CVE-2026-1000", set: low }
`;
  const severities = async () => (await standing()).map(({ flaw, severity }) => `${flaw} ${severity}`).sort();

  test('a narrow rule behind a broad one is told to be in its shadow, and acts when it is moved before it', async () => {
    await importFlaws();
    await apply(TWO);
    expect(await severities()).toEqual(['CVE-2026-1000 medium', 'CVE-2026-2000 medium']);
    const [broad, narrow] = await listAutomation(inbox.ctx);
    expect(broad).toMatchObject({ position: 1, findings: 2, issues: 2, state: 'acts', sentence: null });
    expect(narrow).toMatchObject({
      position: 2,
      findings: 0,
      state: 'shadowed',
      takenBy: [{ id: 'broad', findings: 1 }],
    });
    const order = (ids: readonly string[]) =>
      changeAutomation(inbox.ctx, { what: 'order', type: 'severity', ids });
    for (const wrong of [['narrow'], ['narrow', 'broad', 'other'], ['narrow', 'narrow', 'broad'], []]) {
      await expect(order(wrong)).rejects.toMatchObject({ code: 'usage' });
      expect((await inbox.ctx.automation.rules()).map(({ id }) => id)).toEqual(['broad', 'narrow']);
    }
    await order(['narrow', 'broad']);
    expect(await severities()).toEqual(['CVE-2026-1000 low', 'CVE-2026-2000 medium']);
    expect((await listAutomation(inbox.ctx)).map(({ state }) => state)).toEqual(['acts', 'acts']);
  });

  test('a lowered severity leaves the inbox of a rule that asks for it, and a raised one enters', async () => {
    await importFlaws();
    const inHigh =
      'inbox:\n  - { id: high, name: High, for: [library_vulnerability], when: "severity:>=high", reason: High. }\n';
    await apply(inHigh);
    const admitted = async () => (await inbox.list({ all: false })).map((row) => row.key.split('|')[1]);
    expect(await admitted()).toEqual(['CVE-2026-1000', 'CVE-2026-2000']);
    await apply(TWO);
    expect(await admitted()).toEqual([]);
    await apply('severity:\n');
    expect(await admitted()).toEqual(['CVE-2026-1000', 'CVE-2026-2000']);
  });
});

describe('due dates', () => {
  const dueFrom = (from: string) =>
    apply(
      `due_date:\n  - { id: due, name: Due, for: [library_vulnerability], days: { critical: 5, high: 20 }, from: ${from} }\n`,
    );
  const dues = async () => (await standing()).map(({ flaw, due }) => [flaw, due]);

  test('from a fix: none without one, from when a report first told it, and it stays with the next report', async () => {
    const report = (fixed: string | null, title: string) =>
      inbox.importReport(
        imageReport({
          image: 'registry.example.com/cart:1',
          at: inbox.clock.now(),
          vulnerabilities: [{ id: 'CVE-2026-2000', severity: 'HIGH', purlType: 'npm', title, fixed }],
        }),
        { source: 'ci' },
      );
    imported(await report(null, 'A'));
    await dueFrom('fix_available');
    expect(await dues()).toEqual([['CVE-2026-2000', null]]);
    for (const [day, title] of [
      [3, 'B'],
      [4, 'C'],
    ] as const) {
      inbox.clock.set(START + day * DAY_MS);
      imported(await report('2.0', title));
      expect(await dues()).toEqual([['CVE-2026-2000', 23]]);
    }
    await dueFrom('first_seen');
    expect(await dues()).toEqual([['CVE-2026-2000', 20]]);
  });

  test('the date of KEV, and none while it is muted', async () => {
    await importFlaws();
    const writer = await inbox.ctx.feedStore.open('kev');
    await writer.add({
      kind: 'exploited',
      advisory: 'CVE-2026-1000',
      title: 'Listed',
      dateAdded: START,
      dueDate: START + 14 * DAY_MS,
      ransomware: 'unknown',
    });
    await writer.commit(
      { id: 'kev', origin: 'test', version: null, contentAt: START, readAt: START },
      'tester',
    );
    await dueFrom('kev');
    expect(await dues()).toEqual([
      ['CVE-2026-1000', 14],
      ['CVE-2026-2000', 20],
    ]);
    await apply(MUTE);
    expect(await dues()).toContainEqual(['CVE-2026-1000', null]);
  });
});

test('a condition on time lets go exactly then, by the sweep', async () => {
  await importFlaws();
  await apply(
    'mute:\n  - { id: new, name: New, for: [library_vulnerability], when: "first_seen:>now-7d", reason: other, description: Seven days of grace. }\n',
  );
  const muted = async () => (await standing()).map((row) => row.muted);
  for (const [ms, expected] of [
    [7 * DAY_MS - 1, true],
    [7 * DAY_MS, false],
  ] as const) {
    inbox.clock.set(START + ms);
    while ((await inbox.ctx.inbox.sweep()) > 0);
    expect(await muted()).toEqual([expected, expected]);
  }
});

test('how far a change has come is seen by others before it counts, and nothing is left of it afterwards', async () => {
  await importFlaws();
  const { pool } = inbox.database;
  const other = await pool.connect();
  await other.query('begin');
  await other.query('select from issue for update');
  const told: [number, number][] = [];
  const change = changeAutomation(inbox.ctx, { what: 'file', text: MUTE }, (...each) => told.push(each));
  const seen = async (): Promise<unknown> => (await showRunningChange(inbox.ctx)) ?? seen();
  expect(await seen()).toEqual({ done: 0, all: 1, since: expect.any(Number) });
  expect(await listAutomation(inbox.ctx)).toEqual([]);
  await other.query('rollback');
  other.release();
  await change;
  expect(told).toEqual([
    [0, 1],
    [1, 1],
  ]);
  expect(await showRunningChange(inbox.ctx)).toBeNull();
});

test('each change is audited with what was before and after, and only who administers changes', async () => {
  await importFlaws();
  await apply(MUTE);
  const { rows } = await inbox.database.pool.query<{ id: string }>('select id from issue order by advisory');
  const [issue, other] = rows;
  const told = async (id = '') =>
    presentHistory(await listHistory(inbox.ctx, { id }))
      .items.filter(({ by }) => by !== 'reports')
      .map(({ by, sentence }) => `${by} ${sentence}`);
  expect(await told(issue?.id)).toEqual(['tester added the rule by-rule, which acts on it']);
  expect(await told(other?.id)).toEqual([]);
  await changeAutomation(inbox.ctx, { what: 'switch', id: 'by-rule', isEnabled: false });
  expect(await told(issue?.id)).toEqual([]);
  await changeAutomation(inbox.ctx, { what: 'remove', id: 'by-rule' });
  const events = await inbox.database.pool.query<{
    verb: string;
    actor: string;
    details: Record<string, unknown>;
  }>(`select verb, actor, details from event where subject = 'rule:by-rule' order by id`);
  expect(events.rows.map(({ verb, actor }) => [verb, actor])).toEqual([
    ['add rule', 'tester'],
    ['change rule', 'tester'],
    ['remove rule', 'tester'],
  ]);
  expect(events.rows[1]?.details).toMatchObject({ before: { isEnabled: true }, after: { isEnabled: false } });
  for (const role of ['read', 'triage'] as const) {
    const ctx = { ...inbox.ctx, actor: { name: 'eve', role } };
    await expect(changeAutomation(ctx, { what: 'file', text: MUTE })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await listAutomation(ctx)).toEqual([]);
  }
});

test('a source that is renamed is asked for by its new name at once', async () => {
  await importFlaws();
  await apply(
    'mute:\n  - { id: ci, name: CI, for: [library_vulnerability], when: "source:nightly", reason: no_fix }\n',
  );
  const muted = async () => (await standing()).map((row) => row.muted);
  expect(await muted()).toEqual([false, false]);
  await inbox.ctx.sources.rename('ci', 'nightly', 'anna');
  expect(await muted()).toEqual([true, true]);
  await inbox.ctx.sources.rename('ci', 'ci', 'anna');
  expect(await muted()).toEqual([false, false]);
});
