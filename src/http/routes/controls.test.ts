import { afterAll, beforeAll, expect, test } from 'vitest';
import { controlListSchema, controlSchema } from '#contract/control.ts';
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

const get = (path: string) => server.ask({ url: `/api/v1/${path}`, headers: reader });
const post = (path: string, payload: object | undefined, headers = administrator) =>
  server.ask({
    method: 'POST',
    url: `/api/v1/${path}`,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });

test('the catalogue is listed in its order, each control whole', async () => {
  const { items } = controlListSchema.parse((await get('controls')).json());
  expect(items).toHaveLength(167);
  const [first] = items;
  expect(first).toMatchObject({
    id: 'net.sg.any-all',
    type: 'misconfiguration',
    provider: 'aws',
    resources: ['security group'],
    likelihood: { vector: 'no_authorization', accessibility: 'public', level: 'highly_probable' },
    impact: 'high',
    severity: 'critical',
    inbox: true,
    inboxBecause: 'anyone_outside',
    edit: null,
  });
  expect(first?.checks).toContain('securityhub:EC2.18');
  expect((await get('controls/net.sg.any-all')).json()).toEqual(first);
});

test('a control is edited and reset by an administrator', async () => {
  const body = { severity: 'low', reason: 'a lab' };
  const edited = await post('controls/net.sg.ssh/edit', body);
  expect(controlSchema.parse(edited.json())).toMatchObject({
    severity: 'low',
    edit: { severity: 'low', impact: null, reason: 'a lab', by: 'ann' },
  });
  expect((await get('controls/net.sg.ssh')).json()).toEqual(edited.json());
  const reset = await post('controls/net.sg.ssh/reset', undefined);
  expect(reset.json()).toMatchObject({ severity: 'high', edit: null });
});

test.each<[string, string, object | undefined, number, string]>([
  ['no such control', 'controls/none/edit', { severity: 'low', reason: 'x' }, 404, 'not_found'],
  ['no reason', 'controls/net.sg.ssh/edit', { severity: 'low' }, 400, 'usage'],
  ['an unknown word', 'controls/net.sg.ssh/edit', { impact: 'huge', reason: 'x' }, 400, 'usage'],
  ['nothing to change', 'controls/net.sg.ssh/edit', { reason: 'x' }, 400, 'usage'],
  ['a reset of none', 'controls/none/reset', undefined, 404, 'not_found'],
])('refused: %s', async (_, path, body, status, code) => {
  const answer = await post(path, body);
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
});

test('refused to a reader', async () => {
  for (const path of ['controls/net.sg.ssh/edit', 'controls/net.sg.ssh/reset'])
    expect((await post(path, { severity: 'low', reason: 'x' }, reader)).statusCode).toBe(403);
});
