import { afterAll, beforeAll, expect, test } from 'vitest';
import { UNNARROWED } from '#app/unnarrowed.ts';
import type { IssueGrouping } from '#domain/ports/inbox-store.ts';
import { severityRank } from '#domain/severity/severity.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { PostgresInboxStore } from './inbox.ts';
import { organisationOf } from './organisation.ts';

const NOW = Date.UTC(2026, 6, 1);
const organisation = organisationOf(1n);
const LISTED = {
  all: true,
  ...UNNARROWED,
  condition: null,
} as const;

let database: TestDatabase;
let inbox: PostgresInboxStore;

/** Highest ranked first. */
const ISSUES = [
  { id: 'a', severity: 'critical', assignee: 'ann', team: 'web', service_names: ['shop', 'pay'], fix: 'f1' },
  {
    id: 'b',
    severity: 'critical',
    team: 'ann',
    service_names: ['pay'],
    accounts: ['1'],
    due_at: '2026-06-30',
  },
  { id: 'c', severity: 'high', fix: 'f1', accounts: ['1', '2'] },
  { id: 'd', severity: 'high', team: 'web', fix: 'f2', due_at: '2026-07-02', service_names: ['pay'] },
  { id: 'e', severity: 'low', service_names: [], fix: 'f1' },
  { id: 'f', severity: 'low', service_names: ['pay'], fix: 'f1', is_muted: true },
] as const;

beforeAll(async () => {
  database = await createTestDatabase();
  inbox = new PostgresInboxStore(database.pool, organisation, { now: () => NOW });
  await database.pool.query('insert into issue select * from jsonb_populate_recordset(null::issue, $1)', [
    JSON.stringify(
      ISSUES.map(({ severity, ...issue }, index) => ({
        shard: String(organisation.shard),
        key: issue.id,
        type: 'secret',
        title: issue.id,
        severity: severityRank(severity),
        score: 5,
        risks_yes: 0,
        risks_unknown: 0,
        risk_count: 0,
        resources: 1,
        services: 0,
        impact: 1,
        rank: String(100 - index),
        is_admitted: true,
        admitted_by: [],
        held_back_by: [],
        is_muted: false,
        status: 'open',
        open_findings: 1,
        first_seen: '2026-06-01',
        version: '1',
        ...issue,
      })),
    ),
  ]);
});
afterAll(() => database.drop());

/** Each group as a line: its name, issues with their places, counts. */
async function lines(by: IssueGrouping, limit = 10, rows = 2) {
  const { groups, total, issues } = await inbox.groups(LISTED, by, { limit, rows });
  return {
    total,
    issues,
    groups: groups.map(
      ({ name, issues: count, first, nextPlace, overdue, bySeverity }) =>
        `${name}: ${first.map(({ id, place }) => `${id}${place}`).join(' ')}, then ${nextPlace}, of ${count}, ${bySeverity.critical} critical, ${overdue} over`,
    ),
  };
}

test('an issue has one fix and one owner, and stands in the group of each service and account', async () => {
  expect(await lines('fix')).toEqual({
    total: 3,
    issues: 5,
    groups: [
      'f1: a1 c3, then 5, of 3, 1 critical, 0 over',
      'f2: d4, then null, of 1, 0 critical, 0 over',
      'null: b2, then null, of 1, 1 critical, 1 over',
    ],
  });
  expect((await lines('owner')).groups).toEqual([
    'ann: a1 b2, then null, of 2, 2 critical, 1 over',
    'web: d4, then null, of 1, 0 critical, 0 over',
    'null: c3 e5, then null, of 2, 0 critical, 0 over',
  ]);
  expect((await lines('account')).groups).toEqual([
    '1: b2 c3, then null, of 2, 1 critical, 1 over',
    '2: c3, then null, of 1, 0 critical, 0 over',
    'null: a1 d4, then 5, of 3, 1 critical, 0 over',
  ]);
});

test('what is more than asked for is counted', async () => {
  expect(await lines('service', 1, 1)).toEqual({
    total: 3,
    issues: 5,
    groups: ['pay: a1, then 2, of 3, 2 critical, 1 over'],
  });
});

test('of nothing there is no group', async () => {
  for (const by of ['fix', 'owner', 'service', 'account'] as const)
    expect(await inbox.groups({ ...LISTED, types: ['api_finding'] }, by, { limit: 5, rows: 1 })).toEqual({
      groups: [],
      total: 0,
      issues: 0,
    });
});
