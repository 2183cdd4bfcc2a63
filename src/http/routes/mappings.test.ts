import { afterAll, beforeAll, expect, test } from 'vitest';
import { mappingListSchema } from '#contract/mapping.ts';
import { openTestServer, type TestServer } from '../server.test-suite.ts';

let server: TestServer;
let administrator: { readonly authorization: string };
let decider: { readonly authorization: string };
let reader: { readonly authorization: string };

beforeAll(async () => {
  server = await openTestServer();
  administrator = await server.tokenOf('ann', 'administer');
  decider = await server.tokenOf('cleo', 'triage');
  reader = await server.tokenOf('bob', 'read');
});
afterAll(() => server.close());

const MAPPING = 'tool: Acme Scan\nwhen: [message]\nfields: { title: message }\n';
const list = async () =>
  mappingListSchema.parse((await server.ask({ url: '/api/v1/mappings', headers: reader })).json()).items;
const post = (path: string, payload: object, headers = administrator) =>
  server.ask({ method: 'POST', url: `/api/v1/${path}`, headers, payload });

test('a mapping is kept by a name, is replaced, and is kept no longer', async () => {
  expect(await list()).toEqual([]);
  const added = await post('mappings', { name: 'acme', text: MAPPING });
  expect(added.statusCode).toBe(200);
  expect(mappingListSchema.parse(added.json()).items).toEqual([
    {
      name: 'acme',
      tool: 'Acme Scan',
      when: ['message'],
      text: MAPPING,
      keptBy: 'ann',
      keptAt: expect.any(String),
    },
  ]);
  expect(await list()).toEqual(added.json().items);
  await post('mappings', { name: 'acme', text: MAPPING.replace('when: [message]\n', '') });
  expect((await list()).map(({ name, when }) => [name, when])).toEqual([['acme', null]]);
  expect((await post('mappings/remove', { name: 'acme' })).json()).toEqual({ items: [] });
});

test.each<[string, string, object, number, string, RegExp]>([
  [
    'no mapping',
    'mappings',
    { name: 'acme', text: 'tool: x' },
    400,
    'usage',
    /line 1, column 1: fields is missing/,
  ],
  ['a name with spaces', 'mappings', { name: 'Acme Scan', text: MAPPING }, 400, 'usage', /such as acme-scan/],
  [
    'a name that is a path',
    'mappings',
    { name: '../acme', text: MAPPING },
    400,
    'usage',
    /such as acme-scan/,
  ],
  ['no body', 'mappings', {}, 400, 'usage', /./],
  ['one that nobody keeps', 'mappings/remove', { name: 'beta' }, 404, 'not_found', /"mappings list" prints/],
])('%s is refused', async (_title, path, payload, status, code, detail) => {
  const response = await post(path, payload);
  expect([response.statusCode, response.json().code]).toEqual([status, code]);
  expect(response.json().detail).toMatch(detail);
  expect(await list()).toEqual([]);
});

test('only administrators keep and remove mappings', async () => {
  for (const headers of [reader, decider])
    for (const path of ['mappings', 'mappings/remove'])
      expect((await post(path, { name: 'acme', text: MAPPING }, headers)).statusCode).toBe(403);
  expect(await list()).toEqual([]);
});

test('two hundred are kept, and not one more', async () => {
  for (let index = 0; index < 200; index++)
    await server.inbox.ctx.mappings.keep({ name: `m${index}`, text: MAPPING }, 'ann');
  expect((await post('mappings', { name: 'one-more', text: MAPPING })).json()).toMatchObject({
    code: 'usage',
    detail: expect.stringContaining('200 mappings already'),
  });
  expect((await post('mappings', { name: 'm0', text: MAPPING })).statusCode).toBe(200);
});
