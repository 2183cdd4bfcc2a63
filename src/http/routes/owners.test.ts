import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownerRowsAnswerSchema, toldOwnersSchema } from '#contract/owner-preference.ts';
import { openTestServer, type TestServer } from '../server.test-suite.ts';

let server: TestServer;
let administrator: { readonly authorization: string };
let triager: { readonly authorization: string };

beforeAll(async () => {
  server = await openTestServer();
  administrator = await server.tokenOf('ann', 'administer');
  triager = await server.tokenOf('bob', 'triage');
});
afterAll(() => server.close());

const list = async () =>
  toldOwnersSchema.parse((await server.ask({ url: '/api/v1/owners', headers: triager })).json());
const post = (path: string, payload: object, headers = administrator) =>
  server.ask({ method: 'POST', url: `/api/v1/${path}`, headers, payload });

test('rows that can be used count, the others are told, and the list is as it was sent', async () => {
  const tags = [{ tag: 'cost-center', value: 'cc-42*', owner: 'payments', note: null }, { tag: 'x' }];
  const exclusions = [{ owner: '@acme/everyone', from: 'code-owners', note: null }];
  const answer = await post('owners', { tags, exclusions });
  expect(ownerRowsAnswerSchema.parse(answer.json())).toEqual({
    tags: 1,
    exclusions: 1,
    faults: [{ at: 'tags[1]', message: 'An "owner" was expected, found none.' }],
  });
  expect(await list()).toEqual({ tags: tags.slice(0, 1), exclusions, accepted: [] });
  await post('owners', {});
  expect(await list()).toEqual({ tags: [], exclusions: [], accepted: [] });
});

test('who triages accepts owners and changes no preferences; what nobody knows has none', async () => {
  expect((await post('owners', {}, triager)).statusCode).toBe(403);
  const unknown = { resource: 'arn:aws:s3:::nowhere', owner: 'payments' };
  expect((await post('owners/accept', unknown, triager)).statusCode).toBe(404);
  expect((await post('owners/accept', { ...unknown, owner: null }, triager)).statusCode).toBe(404);
  expect((await post('owners/accept', { owner: 'payments' }, triager)).statusCode).toBe(400);
});
