import { afterAll, beforeAll, expect, test } from 'vitest';
import { networkListSchema } from '#contract/network.ts';
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
  networkListSchema.parse((await server.ask({ url: '/api/v1/networks', headers: reader })).json()).items;
const post = (path: string, payload: object, headers = administrator) =>
  server.ask({ method: 'POST', url: `/api/v1/${path}`, headers, payload });

test('a range is named, is listed with who named it, and is a strangers’ again', async () => {
  expect(await list()).toEqual([]);
  const added = await post('networks', { cidr: '52.0.0.0/7', label: '  Berlin ' });
  expect(added.statusCode).toBe(200);
  const [own] = networkListSchema.parse(added.json()).items;
  expect(own).toMatchObject({ cidr: '52.0.0.0/7', label: 'Berlin', addedBy: 'ann' });
  expect(await list()).toEqual([own]);
  const removed = await post('networks/remove', { cidr: '52.0.0.0/7' });
  expect(removed.json()).toEqual({ items: [] });
  expect(await list()).toEqual([]);
});

test.each<[string, string, object, number, string]>([
  ['no range', 'networks', { cidr: 'Berlin', label: 'x' }, 400, 'usage'],
  ['everybody', 'networks', { cidr: '0.0.0.0/0', label: 'x' }, 400, 'usage'],
  ['no label', 'networks', { cidr: '52.0.0.0/8', label: '  ' }, 400, 'usage'],
  ['no body', 'networks', {}, 400, 'usage'],
  ['a range that nobody named', 'networks/remove', { cidr: '9.0.0.0/8' }, 404, 'not_found'],
])('%s is refused', async (_title, path, payload, status, code) => {
  const response = await post(path, payload);
  expect([response.statusCode, response.json().error?.code ?? response.json().code]).toEqual([status, code]);
});

test('who may only read changes none', async () => {
  for (const path of ['networks', 'networks/remove']) {
    const response = await post(path, { cidr: '52.0.0.0/8', label: 'x' }, reader);
    expect(response.statusCode).toBe(403);
  }
  expect(await list()).toEqual([]);
});
