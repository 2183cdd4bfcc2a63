import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pathMapSchema } from '#contract/attack-path.ts';
import {
  type AdvisoryList,
  advisoryListSchema,
  type Estate,
  estateSchema,
  type FindingList,
  findingListSchema,
  neighbourListSchema,
  type SignalList,
  signalListSchema,
} from '#contract/explorer.ts';
import { inboxPageSchema, issueGroupingSchema, issueGroupsSchema } from '#contract/inbox-page.ts';
import { missingInputListSchema } from '#contract/missing-input.ts';
import { overviewSchema } from '#contract/overview.ts';
import { viewListSchema } from '#contract/view.ts';
import { DEMO_PATH_FILES } from '../../../test/support/demo-files.ts';
import { openTestServer, type TestServer } from '../server.test-suite.ts';

let server: TestServer;
let reader: { readonly authorization: string };

beforeAll(async () => {
  server = await openTestServer();
  reader = await server.tokenOf('bob', 'read');
  await server.inbox.importFiles(DEMO_PATH_FILES, { environment: 'production' });
});
afterAll(() => server.close());
// Whoever asks much is bidden to wait: here a minute passes before each test.
beforeEach(() => server.inbox.clock.set(server.inbox.clock.now() + 60_000));

const ask = (path: string, headers: object = reader) =>
  server.ask({ url: `/api/v1/${path}`, headers: headers as Record<string, string> });
const get = async (path: string) => {
  const response = await ask(path);
  expect(response.statusCode, response.body).toBe(200);
  return response.json();
};

/** All pages of a list, so many rows at a time. */
async function all<Item>(path: string, limit: number): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: { items: Item[]; nextCursor: string | null } = await get(
      `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${after}`,
    );
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

describe.each([
  ['findings', findingListSchema, 7],
  ['estate', estateSchema, 3],
  ['signals', signalListSchema, 2],
  ['advisories', advisoryListSchema, 5],
] as const)('the list of %s', (path, schema, limit) => {
  test('has the same rows whatever the size of its pages, and counts them', async () => {
    const whole = schema.parse(await get(`${path}?limit=200`)) as { items: object[]; total: number };
    expect(whole.items.length).toBeGreaterThan(limit);
    const paged = await all(path, limit);
    expect(paged.slice(0, whole.items.length)).toEqual(whole.items);
    expect(paged).toHaveLength(whole.total);
    expect(new Set(paged.map((item) => JSON.stringify(item))).size).toBe(paged.length);
  });

  test('refuses a cursor of another list, a limit that is too large, and whoever is not signed in', async () => {
    const place = Buffer.from('[1,2,3,4]').toString('base64url');
    expect((await ask(`${path}?cursor=${place}`)).json()).toMatchObject({ status: 400, code: 'usage' });
    expect((await ask(`${path}?limit=201`)).statusCode).toBe(400);
    expect((await ask(path, {})).statusCode).toBe(401);
  });
});

describe('findings', () => {
  test('stand in the order of their issues', async () => {
    const ranked = (await server.inbox.list({ all: true })).map(({ id }) => id);
    const items = await all<FindingList['items'][number]>('findings', 200);
    const places = items.map(({ issue }) => ranked.indexOf(issue.id));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(new Set(places).size).toBe(ranked.length);
  });

  test('are narrowed by what their issues are and by resource, and counted so', async () => {
    const items = await all<FindingList['items'][number]>('findings', 200);
    const secrets = findingListSchema.parse(await get('findings?type=secret'));
    expect(secrets.items).toEqual(items.filter(({ type }) => type === 'secret').slice(0, 100));
    const [first] = items;
    const id = first?.resource.id ?? '';
    const on = findingListSchema.parse(await get(`findings?limit=200&resource=${encodeURIComponent(id)}`));
    const expected = items.filter(({ resource }) => resource.id === id);
    expect(on.items).toEqual(expected);
    expect(on.total).toBe(expected.length);
    const critical = findingListSchema.parse(await get('findings?limit=200&query=severity:critical'));
    expect(new Set(critical.items.map(({ issue }) => issue.severity))).toEqual(new Set(['critical']));
    expect(critical.total).toBe(items.filter(({ issue }) => issue.severity === 'critical').length);
  });

  test('say where a query cannot be read', async () => {
    expect((await ask('findings?query=severity:')).json()).toMatchObject({ status: 400, code: 'usage' });
  });
});

describe('the estate', () => {
  test('tells of each resource what its own page tells', async () => {
    const estate = estateSchema.parse(await get('estate?limit=100')) as Estate;
    const ids = estate.items.map(({ id }) => `id=${encodeURIComponent(id)}`).join('&');
    const { items } = await get(`resources?${ids}`);
    for (const [index, listed] of estate.items.entries()) {
      const { exploit_available: _, ...states } = items[index].riskStates;
      expect(listed).toMatchObject({
        name: items[index].name,
        kind: items[index].kind,
        environment: items[index].environment,
        owner: items[index].owner,
        riskStates: states,
        privilege: items[index].privilege.level,
        issues: items[index].issues.length,
      });
    }
  });

  test('is narrowed by type, risk, owner and words', async () => {
    const items = await all<Estate['items'][number]>('estate', 200);
    const { types } = estateSchema.parse(await get('estate?limit=1'));
    expect(types.reduce((sum, { count }) => sum + count, 0)).toBe(items.length);
    const type = types[0]?.type ?? '';
    expect(await all(`estate?type=${type}`, 200)).toEqual(items.filter((each) => each.type === type));
    const production = await all<Estate['items'][number]>('estate?risk=in_production', 200);
    expect(production.length).toBeGreaterThan(0);
    expect(production).toEqual(items.filter(({ riskStates }) => riskStates.in_production === 'yes'));
    const named = await all<Estate['items'][number]>('estate?q=CART', 200);
    expect(named.length).toBeGreaterThan(0);
    expect(named).toEqual(items.filter(({ id, name }) => `${id}\n${name}`.toLowerCase().includes('cart')));
    expect(await all('estate?q=100%25_', 200)).toEqual([]);
    expect(await all('estate?gone=true', 200)).toEqual([]);
    expect((await ask('estate?risk=under_attack')).statusCode).toBe(400);
  });

  test('leads from a thing to what is beside it, and back', async () => {
    const items = await all<Estate['items'][number]>('estate', 200);
    let pairs = 0;
    for (const { id } of items.slice(0, 40)) {
      const beside = neighbourListSchema.parse(await get(`neighbours?id=${encodeURIComponent(id)}`)).items;
      const [first] = beside;
      if (first === undefined) continue;
      pairs++;
      const back = neighbourListSchema.parse(
        await get(`neighbours?id=${encodeURIComponent(first.id)}`),
      ).items;
      expect(back).toContainEqual(
        expect.objectContaining({
          id,
          relation: first.relation,
          direction: first.direction === 'to' ? 'from' : 'to',
        }),
      );
    }
    expect(pairs).toBeGreaterThan(0);
    expect(await get('neighbours?id=nothing')).toEqual({ items: [] });
  });
});

test('signals are the latest first, and narrowed to attacks and words', async () => {
  const items = await all<SignalList['items'][number]>('signals', 200);
  const times = items.map(({ lastAt }) => lastAt);
  expect(times).toEqual(times.toSorted().reverse());
  const attacks = await all<SignalList['items'][number]>('signals?attack=true', 200);
  expect(attacks).toEqual(items.filter(({ attack }) => attack));
  const word = items[0]?.rule.slice(2, 9) ?? '';
  const found = await all<SignalList['items'][number]>(`signals?q=${encodeURIComponent(word)}`, 200);
  expect(found.length).toBeGreaterThan(0);
  expect(found.every(({ title, rule, resource }) => `${title} ${rule} ${resource.id}`.includes(word))).toBe(
    true,
  );
});

test('advisories are those of issues, with what the feeds say', async () => {
  const items = await all<AdvisoryList['items'][number]>('advisories', 200);
  const ranked = (await server.inbox.list({ all: true })).map(({ id }) => id);
  const places = items.map(({ issue }) => ranked.indexOf(issue));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  const exploited = await all<AdvisoryList['items'][number]>('advisories?exploited=true', 200);
  expect(exploited).toEqual(items.filter(({ knownExploited }) => knownExploited !== null));
});

describe('the overview', () => {
  test('counts what the lists count', async () => {
    const overview = overviewSchema.parse(await get('overview'));
    const inbox = await server.inbox.list({ all: false });
    expect(overview.load.reduce((sum, { issues }) => sum + issues, 0)).toBe(inbox.length);
    const { total } = findingListSchema.parse(await get('findings?limit=1'));
    expect(overview.funnel).toMatchObject({ all: total, open: total });
    const { risky, admitted, onPaths } = overview.funnel;
    expect(risky).toBeGreaterThan(0);
    expect(admitted).toBeGreaterThan(0);
    expect(onPaths).toBeLessThanOrEqual(admitted);
    expect(overview.weeks).toHaveLength(26);
    const open = Object.values(overview.weeks.at(-1)?.open ?? {}).reduce((sum, count) => sum + count, 0);
    expect(open).toBe((await server.inbox.list({ all: true })).length);
    const paths = inboxPageSchema.parse(await get('issues?all=true&type=attack_path&limit=1'));
    expect(paths.total).toBeGreaterThan(0);
    const week = ({ weeks }: typeof overview) => {
      const { pathsFound, pathsCut } = weeks.at(-1) as (typeof weeks)[number];
      return { pathsFound, pathsCut };
    };
    expect(week(overview)).toEqual({ pathsFound: paths.total, pathsCut: 0 });
    const close = (isOpen: boolean, at: Date | null) =>
      server.inbox.database.pool.query(
        `update finding set is_open = $1, closed_at = $2 where type = 'attack_path'`,
        [isOpen, at],
      );
    await close(false, new Date(server.inbox.clock.now()));
    expect(week(overviewSchema.parse(await get('overview')))).toEqual({
      pathsFound: paths.total,
      pathsCut: paths.total,
    });
    await close(true, null);
  });

  test('refuses a span that it does not draw', async () => {
    expect((await ask('overview?weeks=7')).statusCode).toBe(400);
  });
});

describe('the inbox in groups', () => {
  test.each(issueGroupingSchema.options)(
    'by %s holds what the query of each group lists, in order',
    async (by) => {
      const whole = inboxPageSchema.parse(await get('issues?all=true&limit=200'));
      const { groups, total, issues } = issueGroupsSchema.parse(await get(`issue-groups?all=true&by=${by}`));
      expect(issues).toBe(whole.total);
      expect(groups.length).toBe(Math.min(total, 100));
      expect(groups.length).toBeGreaterThan(1);
      const places = new Map(whole.items.map(({ id }, index) => [id, index + 1]));
      // The first, the last and one between them: each is a query of its own.
      for (const at of [0, groups.length >> 1, groups.length - 1]) {
        const group = groups[at] as (typeof groups)[number];
        const listed = inboxPageSchema.parse(
          await get(`issues?all=true&limit=4&query=${encodeURIComponent(group.query)}`),
        );
        expect([group.title, group.issues]).toEqual([group.title, listed.total]);
        expect(group.first.map(({ issue }) => issue.id)).toEqual(
          listed.items.slice(0, 3).map(({ id }) => id),
        );
        for (const { issue, place } of group.first)
          if (places.has(issue.id)) expect(place).toBe(places.get(issue.id));
        expect(Object.values(group.bySeverity).reduce((sum, count) => sum + count)).toBe(group.issues);
      }
      const firsts = groups.filter(({ name }) => name !== null).map(({ first }) => first[0]?.place ?? 0);
      expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
      if (by === 'fix' || by === 'owner')
        expect(groups.reduce((sum, group) => sum + group.issues, 0)).toBeLessThanOrEqual(issues);
      if (by === 'owner') expect(groups.reduce((sum, group) => sum + group.issues, 0)).toBe(issues);
    },
  );

  test('are narrowed as the list is', async () => {
    const listed = inboxPageSchema.parse(await get('issues?all=true&limit=1&severity=high'));
    const { groups, issues } = issueGroupsSchema.parse(
      await get('issue-groups?all=true&severity=high&by=owner'),
    );
    expect(issues).toBe(listed.total);
    expect(groups.every(({ bySeverity, issues: all }) => bySeverity.high === all)).toBe(true);
    expect((await ask('issue-groups?by=colour')).statusCode).toBe(400);
  });
});

test('the surroundings of an issue hold what it is on, and lead from one thing to the next', async () => {
  const { items } = inboxPageSchema.parse(await get('issues?all=true&limit=50'));
  const maps = await Promise.all(
    items.slice(0, 8).map(async ({ id }) => pathMapSchema.parse(await get(`surroundings?issue=${id}`))),
  );
  expect(maps.some(({ edges }) => edges.length > 0)).toBe(true);
  for (const { nodes, edges } of maps) {
    expect(nodes.length).toBeLessThanOrEqual(60);
    const columns = new Map(nodes.map(({ id, layer }) => [id, layer]));
    expect(nodes.length).toBe(columns.size);
    for (const { from, to } of edges) expect(columns.has(from) && columns.has(to)).toBe(true);
  }
  expect((await ask('surroundings?issue=nothing')).statusCode).toBe(404);
});

test('a thing around an issue shows the findings on it and on the image that it runs, without those that are muted', async () => {
  const findings = await all<FindingList['items'][number]>('findings', 200);
  const onImage = findings.filter(({ resource }) => resource.kind === 'image');
  const read = async (issue: string) => pathMapSchema.parse(await get(`surroundings?issue=${issue}`));
  const expected = (keys: readonly string[], isLeft: (issue: string) => boolean) => {
    const counts: Record<string, number> = {};
    for (const { resource, issue, type } of findings)
      if (keys.includes(resource.id) && isLeft(issue.id) && type !== 'attack_path')
        counts[issue.severity] = (counts[issue.severity] ?? 0) + 1;
    return counts;
  };
  const issue = onImage[0]?.issue.id as string;
  const { nodes, edges } = await read(issue);
  const run = edges.filter(({ rule }) => rule === 'runs-image');
  expect(run.length).toBeGreaterThan(0);
  const runsOf = (id: string) => [id, ...run.flatMap(({ from, to }) => (from === id ? [to] : []))];
  const runner = run[0]?.from as string;
  const shown = (id: string, of = nodes) => of.find((node) => node.id === id);
  expect(shown(runner)?.findings).toEqual(expected(runsOf(runner), () => true));
  expect(Object.keys(shown(runner)?.findings ?? {}).length).toBeGreaterThan(1);
  expect(shown(runner)).toMatchObject({
    environment: 'production',
    account: expect.stringMatching(/^[^:]+$/),
  });
  const other = onImage.find(
    ({ resource, issue: each }) => runsOf(runner).includes(resource.id) && each.id !== issue,
  )?.issue.id as string;
  const mute = (isMuted: boolean) =>
    server.inbox.ctx.inbox.decide(other, { kind: 'mute', isMuted, reason: 'accepted', until: null }, 'anna');
  await mute(true);
  const after = await read(issue);
  await mute(false);
  expect(shown(runner, after.nodes)?.findings).toEqual(expected(runsOf(runner), (id) => id !== other));
});

test('views are shared by whoever decides, and taken back by them or an administrator', async () => {
  const [ann, eve, root] = await Promise.all([
    server.tokenOf('ann', 'triage'),
    server.tokenOf('eve', 'triage'),
    server.tokenOf('root', 'administer'),
  ]);
  const send = (path: string, payload: object, headers: Record<string, string>) =>
    server.ask({ method: 'POST', url: `/api/v1/${path}`, payload, headers });
  const view = { name: 'Payments', search: { severity: ['critical'], q: 'team:payments', by: 'fix' } };
  expect((await send('views', view, { ...reader })).statusCode).toBe(403);
  expect((await send('views', { name: ' ', search: {} }, ann)).statusCode).toBe(400);
  expect((await send('views', { name: 'x', search: { colour: 'red' } }, ann)).statusCode).toBe(400);
  expect((await send('views', view, ann)).statusCode).toBe(200);
  expect(viewListSchema.parse(await get('views')).items).toEqual([
    { ...view, sharedBy: 'ann', sharedAt: expect.any(String) },
  ]);
  expect((await send('views', { ...view, search: { all: true } }, eve)).statusCode).toBe(403);
  expect((await send('views/remove', { name: 'Payments' }, eve)).statusCode).toBe(403);
  expect((await send('views', { ...view, search: { all: true } }, root)).json()).toMatchObject({
    items: [{ search: { all: true }, sharedBy: 'root' }],
  });
  expect((await send('views/remove', { name: 'Payments' }, root)).json()).toEqual({ items: [] });
  expect((await send('views/remove', { name: 'Payments' }, root)).statusCode).toBe(404);
});

describe('more resources than are counted', () => {
  /** Two types, one in a hundred of the rare one. */
  const MANY = 50_200;
  beforeAll(async () => {
    await server.inbox.database.pool.query(
      `insert into resource (shard, key, kind, type, name, tags, production, publicly_accessible, privileged_access)
       select shard, 'zz:' || lpad(at::text, 6, '0'), 'bucket', case when at % 100 = 0 then 'rare' else 'plenty' end, 'bucket ' || at, '{}', verdict, verdict, verdict
       from (select shard from resource limit 1) as one, generate_series(1, $1) as at,
         (select '{"state":"unknown","evidence":[],"missing":["what is in it: aws s3 ls"]}'::jsonb as verdict) as unknown`,
      [MANY],
    );
  });
  afterAll(() => server.inbox.database.pool.query(`delete from resource where key like 'zz:%'`));

  test('are told to be more, and walked to the last one all the same', async () => {
    const first = estateSchema.parse(await get('estate?limit=1'));
    expect(first).toMatchObject({ total: 50_000, isMore: true });
    const rare = await all<{ readonly id: string }>('estate?type=rare&q=zz:', 100);
    expect(rare.map(({ id }) => id)).toEqual(
      Array.from({ length: MANY / 100 }, (_, index) => `zz:${String((index + 1) * 100).padStart(6, '0')}`),
    );
    const none = estateSchema.parse(await get('estate?limit=1&owner=nobody'));
    expect(none).toMatchObject({ total: 0, isMore: false, types: [] });
  });

  test('lack what nobody supplied, of each risk the first so many', async () => {
    const { items } = missingInputListSchema.parse(await get('missing'));
    const lacks = items.filter(({ command }) => command === 'aws s3 ls');
    expect(lacks.map(({ risk }) => risk).sort()).toEqual([
      'in_production',
      'privileged_access',
      'publicly_accessible',
    ]);
    for (const { what, others, resources } of lacks) {
      expect([what, others]).toEqual(['what is in it', 0]);
      // The resources that were there before are looked at too.
      expect(resources).toBeGreaterThan(19_000);
      expect(resources).toBeLessThanOrEqual(20_000);
    }
  });
});
