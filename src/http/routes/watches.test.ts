import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchListSchema } from '#contract/watch.ts';
import { openTestServer, type TestServer } from '../server.test-suite.ts';

let server: TestServer;
let administrator: { readonly authorization: string };
let reader: { readonly authorization: string };

beforeAll(async () => {
  server = await openTestServer();
  administrator = await server.tokenOf('ann', 'administer');
  reader = await server.tokenOf('bob', 'read');
});
afterAll(() => server.close());

const list = async () =>
  watchListSchema.parse((await server.ask({ url: '/api/v1/watches', headers: reader })).json()).items;
const post = (path: string, payload: object, headers = administrator) =>
  server.ask({ method: 'POST', url: `/api/v1/${path}`, headers, payload });

test('a place is watched as its reports would be read, and is watched no longer', async () => {
  await server.inbox.ctx.mappings.keep({ name: 'acme', text: 'tool: x\nfields: {title: y}' }, 'ann');
  const added = await post('watches', {
    location: '/srv/reports',
    everyMinutes: 15,
    reports: {
      source: 'nightly',
      mapping: 'acme',
      env: 'production',
      scope: 'cluster=shop',
      complete: 'true',
    },
  });
  expect(added.statusCode).toBe(200);
  const [place] = watchListSchema.parse(added.json()).items;
  expect(place).toMatchObject({ location: '/srv/reports', everyMinutes: 15, addedBy: 'ann', last: null });
  expect(await list()).toEqual([place]);
  const [stored] = await server.inbox.ctx.watches.list();
  expect(stored).toMatchObject({
    allowsPrivate: false,
    options: {
      source: 'nightly',
      mapping: 'acme',
      environment: 'production',
      scope: { cluster: 'shop' },
      complete: true,
    },
  });
  const removed = await post('watches/remove', { id: place?.id });
  expect(removed.json()).toEqual({ items: [] });
});

test.each<[string, string, object, number, string]>([
  ['a folder without its root', 'watches', { location: 'reports', everyMinutes: 5 }, 400, 'usage'],
  ['a rhythm of nothing', 'watches', { location: '/srv', everyMinutes: 0 }, 400, 'usage'],
  ['an address with a password', 'watches', { location: 'https://a:b@c.d/', everyMinutes: 5 }, 400, 'usage'],
  [
    'a mapping that nobody keeps',
    'watches',
    { location: '/srv', everyMinutes: 5, reports: { mapping: 'beta' } },
    404,
    'not_found',
  ],
  [
    'a format that there is not',
    'watches',
    { location: '/srv', everyMinutes: 5, reports: { format: 'acme' } },
    400,
    'usage',
  ],
  [
    'what no upload says',
    'watches',
    { location: '/srv', everyMinutes: 5, reports: { name: 'x' } },
    400,
    'usage',
  ],
  ['a place that nobody watches', 'watches/remove', { id: 'nothing' }, 404, 'not_found'],
])('%s is refused', async (_title, path, payload, status, code) => {
  const response = await post(path, payload);
  expect([response.statusCode, response.json().error?.code ?? response.json().code]).toEqual([status, code]);
});

test('who may only read changes none', async () => {
  const added = await post('watches', { location: '/srv', everyMinutes: 5 }, reader);
  const removed = await post('watches/remove', { id: 'x' }, reader);
  expect([added.statusCode, removed.statusCode]).toEqual([403, 403]);
  expect(await list()).toEqual([]);
});

test('a folder of a server that is reached from elsewhere is named on its own machine alone', async () => {
  const remote = await openTestServer({ publicUrl: new URL('https://inbox.example.com') });
  try {
    const headers = {
      host: 'inbox.example.com',
      origin: 'https://inbox.example.com',
      ...(await remote.tokenOf('ann', 'administer')),
    };
    const watch = (location: string) =>
      remote.ask({ method: 'POST', url: '/api/v1/watches', headers, payload: { location, everyMinutes: 5 } });
    const folder = await watch('/srv/reports');
    expect([folder.statusCode, folder.json().code]).toEqual([403, 'forbidden']);
    expect(await remote.inbox.ctx.watches.list()).toEqual([]);
    expect((await watch('https://ci.example.com/trivy.json')).statusCode).toBe(200);
  } finally {
    await remote.close();
  }
});
