import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { instantText } from '#base/instant.ts';
import { feedListSchema } from '#contract/feed.ts';
import { inboxPageSchema } from '#contract/inbox-page.ts';
import { issueAboveSchema } from '#contract/issue-above.ts';
import { issueActionResultSchema } from '#contract/issue-action.ts';
import { issueDetailSchema } from '#contract/issue-detail.ts';
import { issueHistorySchema } from '#contract/issue-history.ts';
import { issueNamesSchema } from '#contract/issue-names.ts';
import { problemSchema } from '#contract/problem.ts';
import { queryFieldListSchema } from '#contract/query-field.ts';
import { sourceListSchema } from '#contract/source.ts';
import { QUERY_FIELDS } from '#domain/query/query-fields.ts';
import { imported } from '../../../test/support/test-inbox.ts';
import { openTestServer, type TestServer } from '../server.test-suite.ts';

const SAMPLES = join(import.meta.dirname, '../../formats/trivy/samples');

let server: TestServer;
let token: { readonly authorization: string };

beforeAll(async () => {
  server = await openTestServer();
  token = await server.tokenOf('ann', 'triage');
  const results = await server.inbox.importFiles(
    [
      join(SAMPLES, 'image-alpine-310.json'),
      join(SAMPLES, 'config-dockerfile.json'),
      join(SAMPLES, 'fs-secrets.json'),
    ],
    { environment: 'production', services: ['shop'] },
  );
  expect(results.map(imported).every((result) => result.findings > 0)).toBe(true);
});

afterAll(() => server.close());

async function get(path: string) {
  const answer = await server.ask({ url: `/api/v1${path}`, headers: token });
  expect([answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([200, '']);
  return answer.json();
}

async function page(query: string) {
  return inboxPageSchema.parse(await get(`/issues?${query}`));
}

const post = (path: string, payload: unknown) =>
  server.ask({ method: 'POST', url: `/api/v1${path}`, headers: token, payload: payload as object });

describe('the inbox', () => {
  test('is the same in pages of any size, in the order of the store', async () => {
    const stored = (await server.inbox.list()).map((row) => row.id);
    expect(stored.length).toBeGreaterThan(3);
    for (const limit of [1, 2, 3, 200]) {
      const ids: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const next = await page(`all=true&limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        expect(next.total).toBe(stored.length);
        ids.push(...next.items.map((item) => item.id));
        cursor = next.nextCursor;
      }
      expect(ids).toEqual(stored);
    }
  });

  test('shows every field of a row', async () => {
    const [row] = await server.inbox.list();
    const [item] = (await page('all=true&limit=1')).items;
    if (row === undefined) throw new Error('the list is empty');
    const { isAdmitted: _admitted, isMuted, rank: _rank, ...same } = row;
    expect(item).toEqual({
      ...same,
      firstSeen: instantText(row.firstSeen),
      muted: isMuted,
      risks: Object.entries(row.riskStates).flatMap(([risk, state]) => (state === 'yes' ? [risk] : [])),
    });
  });

  test('is narrowed by the words of its address', async () => {
    const all = await page('all=true');
    const high = await page('all=true&severity=high');
    expect(high.total).toBe(all.facets.severity.high);
    expect(high.items.every((item) => item.severity === 'high')).toBe(true);
    expect((await page('all=true&type=secret')).items.every((item) => item.type === 'secret')).toBe(true);
    expect((await page('all=true&q=no-such-word')).items).toEqual([]);
    expect(await page('all=true&q=%20')).toEqual(all);
  });

  test('is narrowed by a query, which its filters narrow further', async () => {
    const asked = (query: string, more = '') => page(`all=true&query=${encodeURIComponent(query)}${more}`);
    const all = await page('all=true');
    expect(all.query).toBe(null);
    const high = await page('all=true&severity=high');
    expect(await asked('severity:high')).toEqual({ ...high, query: 'severity:high' });
    const others = await asked('NOT (severity:high)');
    expect([others.total, others.query]).toEqual([all.total - high.total, '-severity:high']);
    expect((await asked('-type:secret', '&type=secret')).items).toEqual([]);
    expect((await asked('severity:high', '&severity=low')).items).toEqual([]);
    const { items } = await asked('score:>=7 tool:trivy');
    expect(items).toEqual(all.items.filter(({ score }) => score !== null && score >= 7));
    expect(items.length).toBeGreaterThan(0);
    const { rows } = await server.inbox.database.pool.query<{ id: string; name: string }>(
      'select issue_id as id, resource_name as name from finding limit 1',
    );
    const named = await asked(`resource:"${rows[0]?.name}"`);
    expect(named.items.map((item) => item.id)).toContain(rows[0]?.id);
    expect((await asked('resource:nowhere*')).total).toBe(0);
    expect(await asked(' ')).toEqual(all);
  });

  test('says where a query cannot be read', async () => {
    const answer = await server.ask({ url: '/api/v1/issues?query=a%20sevrity:high', headers: token });
    expect(problemSchema.parse(answer.json())).toMatchObject({
      status: 400,
      code: 'usage',
      detail: expect.stringContaining('Did you mean "severity"? (Character 3 of the query.)'),
      queryPlace: { from: 2, to: 9 },
    });
  });

  test('tells the fields of its query, with the values that there are', async () => {
    const { items } = queryFieldListSchema.parse(await get('/query/fields'));
    const values = new Map(items.map((field) => [field.name, field.values]));
    expect([...values.keys()]).toEqual(QUERY_FIELDS.map((field) => field.name));
    expect(values.get('severity')).toEqual(['critical', 'high', 'medium', 'low', 'info']);
    expect(values.get('tool')).toEqual(['trivy']);
    expect(values.get('admitted_by')).toContain('default.secret');
    expect(values.get('team')).toEqual([]);
  });

  test.each([
    'severity=urgent',
    'limit=0',
    'limit=201',
    'all=yes',
    'cursor=x',
    'risk=__proto__',
    'severity=high&severity=low',
    `q=${'x'.repeat(201)}`,
  ])('refuses %s', async (query) => {
    const answer = await server.ask({ url: `/api/v1/issues?${query}`, headers: token });
    expect(answer.json()).toMatchObject({
      status: 400,
      code: 'usage',
      detail: expect.stringMatching(/query|cursor/),
    });
  });
});

describe('an issue', () => {
  test('is explained, each of them, in the contract’s shape', async () => {
    for (const row of await server.inbox.list()) {
      const detail = issueDetailSchema.parse(await get(`/issues/${row.id}`));
      expect(detail).toMatchObject({
        id: row.id,
        why: { rank: { severity: row.severity, riskCount: row.riskCount, impact: row.impact } },
      });
      // As many as the row counts: what is listed and what is ranked are the same.
      expect(detail.resources).toHaveLength(row.resources);
      expect(new Set(detail.resources.flatMap((resource) => resource.services)).size).toBe(row.services);
      expect(detail.why.lead?.findingId).toBe(
        detail.findings.find((finding) => finding.id === detail.why.lead?.findingId)?.id,
      );
      expect(
        detail.findings.every((finding) => finding.state === 'open' && finding.sightings.length > 0),
      ).toBe(true);
    }
  });

  test('is told apart from the next by a key', async () => {
    const [first, second] = await server.inbox.list();
    const above = issueAboveSchema.parse(await get(`/issues/${first?.id}/above/${second?.id}`));
    const below = issueAboveSchema.parse(await get(`/issues/${second?.id}/above/${first?.id}`));
    expect([above.above, below.above]).toEqual([true, false]);
    expect(above.firstDifferingKey).toBe(below.firstDifferingKey);
  });

  test('is taken in, muted and unmuted by hand, and the trail says by whom', async () => {
    const waiting = (await page('all=true&limit=200')).items.find((item) => item.admittedBy.length === 0);
    if (waiting === undefined) throw new Error('every issue is admitted');
    const path = `/issues/${waiting.id}`;
    const act = async (verb: string, body: unknown) =>
      issueActionResultSchema.parse((await post(`${path}/${verb}`, body)).json()).issue;
    expect(await act('admit', { reason: 'seen in the wild' })).toEqual({
      ...waiting,
      admittedBy: ['by-hand'],
    });
    expect(await act('mute', { reason: 'fixed next week', until: '2026-11-01T00:00:00Z' })).toMatchObject({
      muted: true,
    });
    expect((await get(path)).findings[0]).toMatchObject({ mutedReason: 'fixed next week' });
    expect(await act('unmute', {})).toMatchObject({ muted: false });
    const { rows } = await server.inbox.database.pool.query<{ actor: string }>(
      "select distinct actor from event where verb in ('admit', 'mute', 'unmute') or subject = $1",
      [`issue:${waiting.id}`],
    );
    expect(rows).toEqual([{ actor: 'ann' }]);
  });

  test('is assigned, gets a due date and is asked for by both; the history says who decided what', async () => {
    const [first] = (await page('all=true')).items;
    const path = `/issues/${first?.id}`;
    const act = async (verb: string, body: unknown) =>
      issueActionResultSchema.parse((await post(`${path}/${verb}`, body)).json()).issue;
    expect((await get('/assignees')).items).toContain('ann');
    expect(await act('assign', { assignee: ' ann ' })).toEqual({ ...first, assignee: 'ann' });
    const due = '2026-11-05T12:00:00.000Z';
    expect(await act('due', { due })).toEqual({ ...first, assignee: 'ann', dueAt: due });
    const asked = encodeURIComponent('assignee:ann due:*');
    expect((await page(`all=true&query=${asked}`)).items.map(({ id }) => id)).toEqual([first?.id]);
    expect(await act('due', { due: null })).toEqual({ ...first, assignee: 'ann' });
    expect(await act('assign', { assignee: null })).toEqual(first);
    await act('admit', { reason: 'to look at' });
    expect(await act('unadmit', {})).toEqual(first);
    await act('mute', { reason: 'fix is pending', until: '2026-12-01T00:00:00Z' });
    expect(await act('unmute', {})).toEqual(first);
    const { items } = issueHistorySchema.parse(await get(`${path}/history`));
    expect(items.flatMap(({ by, sentence }) => (by === 'ann' ? [`${by} ${sentence}`] : []))).toEqual([
      'ann unmuted it',
      'ann muted it until 2026-12-01: fix is pending',
      'ann took back that it was taken in by hand',
      'ann took it in by hand: to look at',
      'ann assigned it to nobody',
      'ann took its due date away',
      'ann said that it is due on 2026-11-05',
      'ann assigned it to ann',
    ]);
  });

  test('is not assigned to somebody who is not there', async () => {
    const [row] = await server.inbox.list();
    const answer = await post(`/issues/${row?.id}/assign`, { assignee: 'nobody-of-this-name' });
    expect(answer.json()).toMatchObject({
      status: 400,
      code: 'usage',
      detail: expect.stringContaining('Nobody is called "nobody-of-this-name".'),
    });
  });

  test.each([
    ['assign', { assignee: '' }],
    ['assign', {}],
    ['due', { due: 'friday' }],
    ['due', {}],
    ['mute', { reason: '  ' }],
    ['mute', {}],
    ['mute', { reason: 'x', until: 'tomorrow' }],
    ['mute', { reason: 'x', until: '2020-01-01T00:00:00Z' }],
    ['mute', { reason: 'x'.repeat(2_001) }],
    ['admit', { reason: 7 }],
  ])('refuses to %s with %j', async (verb, body) => {
    const [row] = await server.inbox.list();
    expect((await post(`/issues/${row?.id}/${verb}`, body)).json()).toMatchObject({
      status: 400,
      code: 'usage',
    });
  });

  test.each(['nothing', '%27%20or%201%3D1', '..%2F..%2F', 'x'.repeat(100)])(
    'that is not there is not found: %s',
    async (id) => {
      const answer = await server.ask({ url: `/api/v1/issues/${id}`, headers: token });
      expect(answer.json()).toMatchObject({ status: 404, code: 'not_found' });
    },
  );
});

test('of an issue with a muted finding, the resources are told that the rank counts', async () => {
  const finding = {
    VulnerabilityID: 'CVE-2020-7598',
    PkgName: 'minimist',
    InstalledVersion: '1.2.0',
    Severity: 'HIGH',
  };
  const report = (ArtifactName: string) => ({
    SchemaVersion: 2,
    ArtifactName,
    ArtifactType: 'filesystem',
    Results: [{ Target: 'package-lock.json', Class: 'lang-pkgs', Type: 'npm', Vulnerabilities: [finding] }],
  });
  const find = async () => (await server.inbox.list()).find((row) => row.key.includes('CVE-2020-7598'));
  imported(await server.inbox.importReport(report('muted-shop'), {}, 'one.json'));
  await post(`/issues/${(await find())?.id}/mute`, { reason: 'not reachable' });
  imported(await server.inbox.importReport(report('other-shop'), {}, 'two.json'));
  const row = await find();
  const detail = issueDetailSchema.parse(await get(`/issues/${row?.id}`));
  expect(detail.findings.map((each) => [each.resource.name, each.mutedReason]).toSorted()).toEqual([
    ['muted-shop', 'not reachable'],
    ['other-shop', null],
  ]);
  expect(detail.resources.map((resource) => resource.name)).toEqual(['other-shop']);
  expect(row?.resources).toBe(1);
});

test('an issue is found by its names, and none by a name that nobody has', async () => {
  const [row] = await server.inbox.list();
  const ids = async (name: string) =>
    issueNamesSchema.parse(await get(`/issue-names/${encodeURIComponent(name)}`)).ids;
  for (const name of [row?.id ?? '', row?.key ?? '', ` ${row?.key} `])
    expect(await ids(name)).toEqual([row?.id]);
  // Keys may hold any sign, and are longer than ids.
  for (const name of ['code|a/b?c#d%2f|x', `${'k'.repeat(3_000)}|x`]) expect(await ids(name)).toEqual([]);
});

test('muted issues are listed by query only, and counted', async () => {
  const all = await page('all=true');
  const [row] = all.items;
  await post(`/issues/${row?.id}/mute`, { reason: 'not reachable' });
  const muted = await page('all=true&muted=true');
  expect(muted.items).toEqual([{ ...row, muted: true }]);
  expect(muted.total).toBe(1);
  expect(Object.values(muted.facets.type).reduce((sum, count) => sum + count)).toBe(1);
  expect((await page('all=true&muted=true&status=resolved')).items).toEqual([]);
  expect((await page('all=true&status=open')).total).toBe(all.total - 1);
  await post(`/issues/${row?.id}/unmute`, {});
});

test('sources are told with their last scan', async () => {
  const { items } = sourceListSchema.parse(await get('/sources'));
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ name: 'trivy', format: 'trivy', retired: false, held: [] });
});

test('feeds are told, those never read too', async () => {
  const { items } = feedListSchema.parse(await get('/feeds'));
  expect(items.map((feed) => [feed.id, feed.state, feed.asOf])).toEqual(
    ['emerging', 'epss', 'exploitdb', 'ghsa', 'kev', 'metasploit', 'nuclei', 'nvd', 'osv'].map((id) => [
      id,
      'missing',
      null,
    ]),
  );
});

test('a long answer is compressed for who can read it', async () => {
  const answer = await server.ask({
    url: '/api/v1/issues?all=true',
    headers: { ...token, 'accept-encoding': 'br, gzip' },
  });
  expect(answer.headers['content-encoding']).toBe('gzip');
});
