import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import { FINDING_TYPES } from '#domain/finding/finding-type.ts';
import type { InboxFilter } from '#domain/ports/inbox-store.ts';
import { parseQuery } from '#domain/query/parse-query.ts';
import { SEVERITIES } from '#domain/severity/severity.ts';
import { imported, openTestInbox, START, type TestInbox } from '../../test/support/test-inbox.ts';
import { imageReport } from '../../test/support/trivy-report.ts';
import { dropEmptyIssues } from './drop-empty-issues.ts';
import { PostgresInboxStore } from './inbox.ts';
import { organisationOf } from './organisation.ts';

let inbox: TestInbox;
const organisation = organisationOf(1n);

beforeAll(async () => {
  inbox = await openTestInbox();
});
afterAll(() => inbox.close());

const FLAWS = ['CVE-2026-1001', 'CVE-2026-1002', 'CVE-2026-1003', 'GHSA-2222-3333-4444'] as const;

const change = fc.oneof(
  fc.record({
    is: fc.constant('scan' as const),
    flaws: fc.array(
      fc.record({
        id: fc.constantFrom(...FLAWS),
        title: fc.constantFrom('Buffer overflow', 'Overflow of an ÄRGER', '100% cpu_time'),
        severity: fc.constantFrom('CRITICAL', 'HIGH', 'LOW'),
        purlType: fc.constantFrom('deb' as const, 'npm' as const),
      }),
      { maxLength: 5 },
    ),
  }),
  fc.record({ is: fc.constant('decide' as const), issue: fc.nat({ max: 5 }), isOn: fc.boolean() }),
  fc.record({ is: fc.constant('forget' as const) }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const conditionOf = (text: string | null) => (text === null ? null : parseQuery(text));

const filters: fc.Arbitrary<InboxFilter> = fc.record({
  all: fc.boolean(),
  severities: fc.constantFrom([], ['critical', 'high'], ['low']),
  types: fc.constantFrom([], ['library_vulnerability'], [...FINDING_TYPES]),
  risks: fc.constantFrom([], [], ['in_production']),
  statuses: fc.constantFrom([], [], ['open'], ['resolved'], ['open', 'snoozed']),
  muted: fc.constantFrom('no', 'no', 'only'),
  text: fc.constantFrom('overflow', 'cve', 'cve overflow', '1002', '%', 'cpu_', 'ärger', 'nowhere'),
  condition: fc.constantFrom(
    ...[null, '-type:secret', 'risk:in_production OR unknown:in_production', 'impact:>1'].map(conditionOf),
  ),
});

let day = 0;

async function apply(made: Change): Promise<void> {
  if (made.is === 'scan') {
    day++;
    inbox.clock.set(START + day * DAY_MS);
    const report = imageReport({
      image: 'registry.test/shop:1',
      digest: 'one',
      at: START + day * DAY_MS,
      vulnerabilities: made.flaws.map((flaw, index) => ({ ...flaw, pkg: `lib${index % 2}` })),
    });
    imported(await inbox.importReport(report, { complete: true, confirm: true, environment: 'production' }));
  } else if (made.is === 'decide') {
    const issue = (await inbox.list())[made.issue];
    const decision = { kind: 'mute', isMuted: made.isOn, reason: 'not reachable', until: null } as const;
    if (issue !== undefined) await inbox.ctx.inbox.decide(issue.id, decision, 'tester');
  } else {
    const { pool } = inbox.database;
    const resolved = await pool.query<{ id: string }>("select id from issue where status = 'resolved'");
    const ids = resolved.rows.map((row) => row.id);
    await pool.query('delete from finding where issue_id = any($1::text[])', [ids]);
    const connection = await pool.connect();
    await dropEmptyIssues(connection, organisation.shard, ids);
    connection.release();
  }
}

/** Its first two searches ask the database. */
function newStore(): PostgresInboxStore {
  return new PostgresInboxStore(inbox.database.pool, organisation, inbox.clock);
}

test('a search in memory finds, orders and counts what one in the database does, whatever changed before', async () => {
  const warm = newStore();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(change, fc.array(filters, { minLength: 3, maxLength: 5 })), { maxLength: 6 }),
      async (steps) => {
        for (const [made, asked] of steps) {
          await apply(made);
          for (const filter of asked) {
            const page = { ...filter, after: null, limit: 2 };
            const cold = newStore();
            const expected = [await cold.list(page), await cold.counts(filter)] as const;
            expect([await warm.list(page), await warm.counts(filter)]).toEqual(expected);
            const last = expected[0].at(-1);
            if (last === undefined) continue;
            const next = { ...page, after: { rank: last.rank, id: last.id } };
            expect(await warm.list(next)).toEqual(await newStore().list(next));
          }
        }
      },
    ),
    { numRuns: 12 },
  );
});

test('from the third search on the texts are in memory, and are read again once the inbox has changed', async () => {
  await apply({
    is: 'scan',
    flaws: [{ id: 'CVE-2026-1001', title: 'Buffer overflow', severity: 'HIGH', purlType: 'npm' }],
  });
  const store = newStore();
  const page = {
    all: true,
    severities: SEVERITIES,
    types: [],
    risks: [],
    statuses: [],
    muted: 'no',
    text: 'overflow',
    condition: null,
    after: null,
    limit: 9,
  } as const;
  const found = await store.list(page);
  for (let search = 0; search < 2; search++) expect(await store.list(page)).toEqual(found);
  const { pool } = inbox.database;
  await pool.query('alter table issue_text rename to issue_text_away');
  expect(await store.list(page)).toEqual(found);
  await pool.query('update inbox_version set version = version + 1');
  await expect(store.list(page)).rejects.toThrow('issue_text');
  await pool.query('alter table issue_text_away rename to issue_text');
  expect(await store.list(page)).toEqual(found);
});
