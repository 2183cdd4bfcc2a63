import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changeAutomation, previewAutomation } from '../src/app/change-automation.ts';
import { exportAutomation, listAutomation } from '../src/app/list-automation.ts';
import { DAY_MS } from '../src/base/instant.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const apply = (text: string) => changeAutomation(inbox.ctx, { what: 'file', text });

async function importFlaws(): Promise<void> {
  imported(
    await inbox.importReport(
      imageReport({
        image: 'registry.example.com/cart:1',
        vulnerabilities: [
          { id: 'CVE-2026-1000', severity: 'CRITICAL', purlType: 'npm', title: 'Remote code', fixed: '2.0' },
          { id: 'CVE-2026-2000', severity: 'HIGH', purlType: 'npm', title: 'Leak', fixed: null },
        ],
      }),
      { source: 'ci', environment: 'production', team: 'web' },
    ),
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
});
