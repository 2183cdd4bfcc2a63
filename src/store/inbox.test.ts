import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UNNARROWED } from '#app/unnarrowed.ts';
import { DAY_MS } from '#base/instant.ts';
import { FINDING_TYPES } from '#domain/finding/finding-type.ts';
import { issueId } from '#domain/finding/identify-finding.ts';
import type { InboxFilter, InboxPageRequest, IssueRow } from '#domain/ports/inbox-store.ts';
import { DETECTED_RISKS } from '#domain/risk/detected-risk.ts';
import { SEVERITIES } from '#domain/severity/severity.ts';
import { imported, openTestInbox, START, type TestInbox } from '../../test/support/test-inbox.ts';
import { imageReport } from '../../test/support/trivy-report.ts';

const OPEN = 'library_vulnerability|CVE-2021-44228';
const MUTED = 'library_vulnerability|CVE-2021-45046';
const RESOLVED = 'library_vulnerability|GHSA-JFH8-C2JP-5V3Q';
const OF_LIBRARY = 'library_vulnerability|CVE-2022-1111';
const OF_SYSTEM = 'infrastructure_vulnerability|CVE-2022-1111';
const OTHER_NAME = 'library_vulnerability|PYSEC-2021-1a';

let inbox: TestInbox;

beforeAll(async () => {
  inbox = await openTestInbox();
  const report = (at: number, ids: readonly string[]) =>
    imageReport({
      image: 'registry.test/shop:1',
      digest: 'one',
      at,
      vulnerabilities: [
        { id: 'CVE-2022-1111', severity: 'LOW' },
        ...ids.map((id) => ({ id, pkg: 'minimist', severity: 'CRITICAL', purlType: 'npm' as const })),
      ],
    });
  const kept = ['CVE-2021-44228', 'CVE-2021-45046', 'CVE-2022-1111', 'PYSEC-2021-1a'];
  imported(await inbox.importReport(report(START - DAY_MS, [...kept, 'GHSA-jfh8-c2jp-5v3q'])));
  await inbox.ctx.inbox.decide(
    issueId(MUTED),
    { kind: 'mute', isMuted: true, reason: 'not reachable', until: null },
    'tester',
  );
  expect(imported(await inbox.importReport(report(START, kept))).closed).toBe(1);
});

afterAll(() => inbox.close());

describe('the issues that a name can mean', () => {
  // Two ids that begin alike.
  beforeAll(async () => {
    for (const id of ['vvvv111111111111', 'vvvvv22222222222'])
      await inbox.database.pool.query(
        `insert into issue select (jsonb_populate_record(issue, jsonb_build_object('id', $1::text, 'key', $1::text, 'advisory', null, 'status', 'resolved'))).* from issue where id = $2`,
        [id, issueId(OPEN)],
      );
  });
  afterAll(() => inbox.database.pool.query("delete from issue where id like 'vvvv%'"));

  test.each([
    ['its id', issueId(OPEN), [OPEN]],
    ['its id in upper case', issueId(OPEN).toUpperCase(), [OPEN]],
    ['four characters of its id', issueId(OPEN).slice(0, 4), [OPEN]],
    ['all but one character of its id', issueId(OPEN).slice(0, 15), [OPEN]],
    ['three characters of its id', issueId(OPEN).slice(0, 3), []],
    ['more than its id', `${issueId(OPEN)}0`, []],
    ['its key', OPEN, [OPEN]],
    ['its key in another case', OPEN.toUpperCase(), []],
    ['a part of its key', OPEN.slice(0, -1), []],
    ['its CVE', 'CVE-2021-44228', [OPEN]],
    ['its CVE in lower case', 'cve-2021-44228', [OPEN]],
    ['a part of its CVE', 'CVE-2021-4422', []],
    ['its GHSA as GitHub spells it', 'GHSA-jfh8-c2jp-5v3q', [RESOLVED]],
    ['another advisory as it is spelled', 'PYSEC-2021-1a', [OTHER_NAME]],
    ['an advisory of two types, the higher first', 'CVE-2022-1111', [OF_LIBRARY, OF_SYSTEM]],
    ['the id of a muted one', issueId(MUTED).slice(0, 6), [MUTED]],
    ['the advisory of a muted one', 'CVE-2021-45046', [MUTED]],
    ['the id of a resolved one', issueId(RESOLVED), [RESOLVED]],
    ['the beginning of two ids', 'vvvv', ['vvvvv22222222222', 'vvvv111111111111']],
    ['the last letter of ids', 'vvvvv', ['vvvvv22222222222']],
    ['nothing', '', []],
    ['signs of a pattern', '____', []],
  ])('%s', async (_what, name, keys) => {
    expect(await inbox.ctx.inbox.find(name)).toEqual(
      keys.map((key) => (key.startsWith('vvvv') ? key : issueId(key))),
    );
  });

  test('are at most ten', async () => {
    for (let index = 0; index < 12; index++)
      await inbox.database.pool.query(
        `insert into issue select (jsonb_populate_record(issue, jsonb_build_object('id', $1::text, 'key', $1::text, 'advisory', null, 'status', 'resolved'))).* from issue where id = $2`,
        [`uuuu${String(index).padStart(12, '0')}`, issueId(OPEN)],
      );
    expect(await inbox.ctx.inbox.find('uuuu')).toHaveLength(10);
    await inbox.database.pool.query("delete from issue where id like 'uuuu%'");
  });
});

const STATUSES = ['open', 'in_progress', 'snoozed', 'resolved'] as const;

function naiveCounts(all: readonly IssueRow[], filter: InboxFilter) {
  const count = (part: Partial<InboxFilter>, is: (row: IssueRow) => boolean) => {
    const { severities, types, risks, statuses, muted, text, all: withOthers } = { ...filter, ...part };
    return all.filter(
      (row) =>
        is(row) &&
        (withOthers || row.isAdmitted) &&
        (severities.length === 0 || severities.includes(row.severity)) &&
        (types.length === 0 || types.includes(row.type)) &&
        risks.every((risk) => row.riskStates[risk] === 'yes') &&
        (statuses.length === 0 ? ['open'] : statuses).includes(row.status) &&
        row.isMuted === (muted === 'only') &&
        `${row.title}\n${row.key}`.toLowerCase().includes(text ?? ''),
    ).length;
  };
  const each = <K extends string, V>(keys: readonly K[], value: (key: K) => V) =>
    Object.fromEntries(keys.map((key) => [key, value(key)]));
  return {
    totals: { total: count({}, () => true) },
    facets: {
      severity: each(SEVERITIES, (it) => count({ severities: [] }, (row) => row.severity === it)),
      type: each(FINDING_TYPES, (it) => count({ types: [] }, (row) => row.type === it)),
      risk: each(DETECTED_RISKS, (risk) => ({
        yes: count({ risks: [] }, (row) => row.riskStates[risk] === 'yes'),
        unknown: count({ risks: [] }, (row) => row.riskStates[risk] === 'unknown'),
      })),
    },
  };
}

describe('a filter', () => {
  const ALL: InboxFilter = {
    all: true,
    ...UNNARROWED,
    condition: null,
  };

  test.each<[string, Partial<InboxFilter>, readonly string[]]>([
    ['nothing', {}, [OPEN, OTHER_NAME, OF_LIBRARY, OF_SYSTEM]],
    ['open issues', { statuses: ['open'] }, [OPEN, OTHER_NAME, OF_LIBRARY, OF_SYSTEM]],
    ['resolved issues', { statuses: ['resolved'] }, [RESOLVED]],
    ['both', { statuses: ['resolved', 'open'] }, [OPEN, OTHER_NAME, OF_LIBRARY, OF_SYSTEM, RESOLVED]],
    ['issues that nobody works on', { statuses: ['in_progress', 'snoozed'] }, []],
    ['muted issues', { muted: 'only' }, [MUTED]],
    ['muted issues that are resolved', { muted: 'only', statuses: ['resolved'] }, []],
    ['resolved issues with a word', { statuses: ['resolved'], text: 'ghsa-jfh8' }, [RESOLVED]],
    ['muted issues of another severity', { muted: 'only', severities: ['low'] }, []],
  ])('for %s lists and counts these', async (_what, given, keys) => {
    const filter = { ...ALL, ...given };
    const rows = await inbox.ctx.inbox.list({ ...filter, after: null, limit: 100 });
    expect(rows.map((row) => row.key).toSorted()).toEqual([...keys].toSorted());
    const { totals, facets } = await inbox.ctx.inbox.counts(filter);
    const { type, severity } = facets;
    expect(totals.total).toBe(rows.length);
    expect(type.library_vulnerability + type.infrastructure_vulnerability).toBe(rows.length);
    if (filter.severities.length === 0)
      expect(Object.values(severity).reduce((sum, count) => sum + count)).toBe(rows.length);
  });

  test.each<[string, string, readonly string[]]>([
    ['a part of a key', 'cve-2022', [OF_LIBRARY, OF_SYSTEM]],
    ['a part of a key in other letters', 'LIBRARY_vuln', [OPEN, OTHER_NAME, OF_LIBRARY]],
    ['two words in any order', '1111 library_', [OF_LIBRARY]],
    ['two words of which one is nowhere', '1111 nowhere', []],
    ['less than a trigram', '-2', [OPEN, OTHER_NAME, OF_LIBRARY, OF_SYSTEM]],
    ['signs of a pattern', 'library%cve', []],
    ['any one sign of a pattern', 'cve_2022', []],
    ['a backslash', '\\', []],
    ['nothing but blanks', ' \t ', [OPEN, OTHER_NAME, OF_LIBRARY, OF_SYSTEM]],
  ])('finds %s', async (_what, text, keys) => {
    const filter = { ...ALL, text };
    const rows = await inbox.ctx.inbox.list({ ...filter, after: null, limit: 100 });
    expect(rows.map((row) => row.key).toSorted()).toEqual([...keys].toSorted());
    expect((await inbox.ctx.inbox.counts(filter)).totals.total).toBe(keys.length);
    const pages: string[] = [];
    for (let after: InboxPageRequest['after'] = null; ; ) {
      const [row] = await inbox.ctx.inbox.list({ ...filter, after, limit: 1 });
      if (row === undefined) break;
      pages.push(row.key);
      after = { rank: row.rank, id: row.id };
    }
    expect(pages).toEqual(rows.map((row) => row.key));
  });

  test('of any kind counts what somebody counts who looks at all issues', async () => {
    const all: IssueRow[] = [];
    for (const muted of ['no', 'only'] as const)
      all.push(
        ...(await inbox.ctx.inbox.list({ ...ALL, muted, statuses: [...STATUSES], after: null, limit: 100 })),
      );
    expect(all).toHaveLength(6);
    const some = <T>(values: readonly T[]) => fc.subarray([...values]);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          all: fc.boolean(),
          severities: some(SEVERITIES),
          types: some(FINDING_TYPES),
          risks: some(DETECTED_RISKS.slice(-2)),
          statuses: some(STATUSES),
          muted: fc.constantFrom('no', 'only'),
          text: fc.constantFrom(null, 'cve', '1111', 'library', 'nowhere'),
          condition: fc.constant(null),
        }),
        async (filter) => {
          expect(await inbox.ctx.inbox.counts(filter)).toMatchObject(naiveCounts(all, filter));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('leaves what is said about the whole inbox as it is', async () => {
    const { admitted, waiting, heldBack } = (await inbox.ctx.inbox.counts(ALL)).totals;
    const { totals } = await inbox.ctx.inbox.counts({ ...ALL, muted: 'only', statuses: ['resolved'] });
    expect(totals).toEqual({
      total: 0,
      admitted,
      waiting,
      heldBack,
    });
    expect(waiting).toBe(4);
  });
});
