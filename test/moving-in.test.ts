import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actOnIssue } from '../src/app/act-on-issue.ts';
import { deleteComment } from '../src/app/comment-on-issue.ts';
import { DAY_MS } from '../src/base/instant.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

/** Exports of tools that keep findings: what people decided there comes along, once. */
let inbox: TestInbox;

const EXPORT = join(import.meta.dirname, '../src/formats/defectdojo/samples/many.json');

beforeAll(async () => {
  inbox = await openTestInbox();
});
afterAll(() => inbox.close());

async function kept() {
  const result = await inbox.database.pool.query<{ row: string }>(
    `select finding.summary ->> 'title' || ' | ' || to_char(first_seen at time zone 'UTC', 'YYYY-MM-DD') || coalesce(' | ' || decided.list, '') as row
      from finding left join lateral (
        select string_agg(kind || ' ' || coalesce(value ->> 'reason', '') || ' ' || coalesce(value ->> 'isMuted', '') || ' ' || coalesce(value ->> 'until', value ->> 'at', '') || ' ' || actor || ' ' || to_char(at at time zone 'UTC', 'YYYY-MM-DD'), ' | ' order by kind) as list
        from decision where decision.shard = finding.shard and decision.fingerprint = finding.fingerprint) as decided on true
      where is_open order by 1`,
  );
  return result.rows.map(({ row }) => row);
}

const DUE = Date.UTC(2099, 2, 1);
const UNTIL = Date.UTC(2099, 0, 1);
const MOVED_IN = [
  `Accepted | 2024-01-05 | mute risk accepted in DefectDojo: Only inside. true ${UNTIL} bob (source:defectdojo) 2024-03-01`,
  'False | 2024-01-05 | mute false positive in DefectDojo: Template escapes it. true  ann (source:defectdojo) 2024-02-01',
  'Out | 2024-01-05 | mute out of scope in DefectDojo true  source:defectdojo 2024-02-01',
  `Query is built from text | 2024-01-05 | due   ${DUE} source:defectdojo 2026-10-01`,
  'lodash 4.17.10 | 2024-01-05',
];

test('mutes come with their reason, author, date and end, due dates and first dates too', async () => {
  await inbox.importFiles([EXPORT]);
  expect(await kept()).toEqual(MOVED_IN);
});

async function comments() {
  const result = await inbox.database.pool.query<{ id: string; row: string }>(
    `select id, author || ' ' || to_char(at at time zone 'UTC', 'YYYY-MM-DD') || ' ' || text as row from comment where deleted_at is null order by 2`,
  );
  return result.rows;
}

test('notes are comments of those who wrote them', async () => {
  expect((await comments()).map(({ row }) => row)).toEqual([
    'ann (source:defectdojo) 2024-02-01 On it.',
    'ann (source:defectdojo) 2024-02-01 Template escapes it.',
  ]);
});

test('importing the export again repeats nothing', async () => {
  inbox.clock.set(START + DAY_MS);
  const [again] = await inbox.importFiles([EXPORT]);
  expect(again).toMatchObject({ created: 0, changed: 0, closed: 0 });
  expect(await kept()).toEqual(MOVED_IN);
  expect(await comments()).toHaveLength(2);
});

test('what is decided here afterwards stays', async () => {
  const issues = await inbox.database.pool.query<{ id: string; title: string }>(
    `select issue_id as id, summary ->> 'title' as title from finding where is_open`,
  );
  const issueOf = (title: string) => issues.rows.find((row) => row.title === title)?.id ?? '';
  await actOnIssue(inbox.ctx, { id: issueOf('Accepted'), action: { do: 'unmute' } });
  await actOnIssue(inbox.ctx, { id: issueOf('Query is built from text'), action: { do: 'due', due: null } });
  await deleteComment(inbox.ctx, { comment: (await comments())[0]?.id ?? '' });
  const decided = await kept();
  inbox.clock.set(START + 2 * DAY_MS);
  await inbox.importFiles([EXPORT], { complete: true });
  expect(await kept()).toEqual(decided);
  expect(await comments()).toHaveLength(1);
  expect(decided.filter((row) => / tester /.test(row)).length).toBeGreaterThanOrEqual(2);
});

test('Dependency-Track tells since when it knows a flaw', async () => {
  await inbox.importReport({
    version: '1.3',
    meta: { application: 'Dependency-Track', version: '4.14.1', timestamp: '2026-09-30T00:00:00Z' },
    project: { name: 'shop' },
    findings: [
      {
        component: { purl: 'pkg:npm/left-pad@1.0.0', version: '1.0.0' },
        vulnerability: { vulnId: 'CVE-2024-9999', source: 'NVD', severity: 'LOW' },
        analysis: { state: 'IN_TRIAGE', details: 'Ann looks at it.', isSuppressed: false },
        attribution: { attributedOn: Date.UTC(2025, 4, 5) },
      },
    ],
  });
  expect((await kept()).filter((row) => row.startsWith('CVE-2024-9999'))).toEqual([
    'CVE-2024-9999 in left-pad | 2025-05-05',
  ]);
});
