import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import { imported, openTestInbox, START, type TestInbox } from '../../test/support/test-inbox.ts';
import { flaws, imageReport } from '../../test/support/trivy-report.ts';
import { changedIssues } from './changed-issues.ts';
import { organisationOf } from './organisation.ts';
import { ROLLED_COLUMNS, type RolledColumns, type RolledIssue, RULED_COLUMNS } from './rolled-columns.ts';
import { loadStoredIssues } from './stored-issues.ts';

const { shard } = organisationOf(1n);

let inbox: TestInbox;
let stored: RolledIssue;

beforeAll(async () => {
  inbox = await openTestInbox();
  imported(
    await inbox.importReport(
      imageReport({
        image: 'registry.example.com/shop:1.0',
        digest: `sha256:${'a'.repeat(64)}`,
        vulnerabilities: flaws(1),
      }),
      { environment: 'production' },
    ),
  );
  const { rows } = await inbox.database.pool.query<RolledIssue>(
    `select id, key, type, first_seen, ${ROLLED_COLUMNS.join(', ')} from issue`,
  );
  stored = rows[0] as RolledIssue;
});
afterAll(() => inbox.close());

const compared = async (more: Partial<RolledIssue>) => {
  const issue = { ...stored, ...more };
  const { ruled, others, retitled } = changedIssues(
    [issue],
    await loadStoredIssues(inbox.database.pool, shard, [issue.id]),
  );
  return {
    isChanged: ruled.length + others.length > 0,
    isRetitled: retitled.size > 0,
    isWhole: others.length > 0,
  };
};

test('what is stored as it is needs no row, in single precision too', async () => {
  expect(await compared({})).toEqual({ isChanged: false, isRetitled: false, isWhole: false });
  expect(await compared({ score: Math.fround(stored.score) + 1e-9 })).toMatchObject({ isChanged: false });
});

const OTHERWISE: Readonly<Record<keyof RolledColumns, unknown>> = {
  title: 'Another title',
  advisory: 'CVE-2026-9999',
  severity: 9,
  score: 1.5,
  risks_yes: 31,
  risks_unknown: 30,
  risk_count: 5,
  resources: 7,
  services: 7,
  impact: 14,
  rank: 7n,
  is_admitted: 'otherwise',
  admitted_by: ['default.secret'],
  held_back_by: ['published'],
  is_muted: true,
  status: 'in_progress',
  snoozed_until: START + DAY_MS,
  regressed_at: START,
  due_at: START,
  assignee: 'ann',
  team: 'web',
  lead: '00000000-0000-4000-8000-000000000000',
  open_findings: 7,
  valid_until: START + DAY_MS,
  service_names: ['shop'],
  accounts: ['111111111111'],
};

test.each(Object.entries(OTHERWISE))('another %s is stored', async (column, value) => {
  expect(await compared({ [column]: value })).toEqual({
    isChanged: true,
    isRetitled: column === 'title',
    isWhole: !(RULED_COLUMNS as readonly string[]).includes(column),
  });
});

test('where more than what rules change is another, all of it is stored', async () => {
  expect(await compared({ severity: 9, lead: OTHERWISE.lead as string })).toMatchObject({ isWhole: false });
  expect(await compared({ severity: 9, resources: 7 })).toMatchObject({ isWhole: true });
});

test('a list is another one by its order and by its length', async () => {
  const { pool } = inbox.database;
  await pool.query(`update issue set accounts = '{1,2}'`);
  const of = async (...accounts: readonly string[]) => (await compared({ accounts })).isChanged;
  expect([await of('1', '2'), await of('2', '1'), await of('1'), await of('1', '2', '3')]).toEqual([
    false,
    true,
    true,
    true,
  ]);
  await pool.query('update issue set accounts = $1', [stored.accounts]);
});

test('one that was seen earlier than was known is stored, one that was seen later is not', async () => {
  expect(await compared({ first_seen: stored.first_seen - 1 })).toMatchObject({ isChanged: true });
  expect(await compared({ first_seen: stored.first_seen + 1 })).toMatchObject({ isChanged: false });
});

test('one that is not stored yet is, with its title', async () => {
  expect(await compared({ id: 'another' })).toEqual({ isChanged: true, isRetitled: true, isWhole: true });
});

test('an attack path that is opened otherwise is stored', async () => {
  const { pool } = inbox.database;
  await pool.query(`update issue set type = 'attack_path', fix = null`);
  expect(await compared({})).toMatchObject({ isChanged: false });
  await pool.query(`update issue set fix = 'opening:another'`);
  expect(await compared({})).toMatchObject({ isChanged: true });
  await pool.query('update issue set type = $1, fix = null', [stored.type]);
});
