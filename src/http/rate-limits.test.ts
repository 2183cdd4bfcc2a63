import { Readable } from 'node:stream';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken } from '#app/create-token.ts';
import type { ApiTokenKind } from '#base/api-token.ts';
import { SECOND_MS } from '#base/instant.ts';
import { openTestServer, type TestServer } from './server.test-suite.ts';

const BYTES_PER_DAY = 864_000;

let server: TestServer;
let now: number;

beforeAll(async () => {
  server = await openTestServer({ uploadMaxBytesPerDay: BYTES_PER_DAY });
  now = server.inbox.ctx.clock.now();
});

afterAll(() => server.close());

function pass(seconds: number): void {
  now += seconds * SECOND_MS;
  server.inbox.clock.set(now);
}

async function tokenOf(person: string, kind: ApiTokenKind): Promise<{ readonly authorization: string }> {
  await server.inbox.ctx.people.add({ id: `id-of-${person}`, name: person, role: 'triage' }, 'tester');
  const binding = kind === 'ing' ? { source: 'ci', scope: {} } : null;
  const request = { kind, name: `${kind} ${now}`, person, days: 1, role: null, binding };
  return { authorization: `Bearer ${(await createToken(server.inbox.ctx, request)).secret}` };
}

/** How many of so many requests are answered, and what the first refusal says. */
async function ask(times: number, options: InjectOptions) {
  const answers = [];
  for (let each = 0; each < times; each += 1) answers.push(await server.ask(options));
  const refusals = answers.filter((answer) => answer.statusCode === 429);
  const { code, detail } = refusals[0]?.json() ?? {};
  return {
    answered: times - refusals.length,
    refusal:
      refusals.length === 0 ? null : { code, detail, wait: Number(refusals[0]?.headers['retry-after']) },
  };
}

const SESSION = '/api/v1/session';
const upload = (headers: InjectOptions['headers'], bytes: number, declared = true): InjectOptions => ({
  method: 'POST',
  url: '/api/v1/imports?name=report.json',
  headers: {
    ...headers,
    'content-type': 'application/octet-stream',
    ...(declared ? {} : { 'transfer-encoding': 'chunked' }),
  },
  payload: 'x'.repeat(bytes),
});

test('a token has 100 requests at once and 20 a second, and another one of its person its own', async () => {
  const headers = await tokenOf('ann', 'pat');
  expect(await ask(101, { url: SESSION, headers })).toEqual({
    answered: 100,
    refusal: {
      code: 'rate_limited',
      detail:
        'This server answers at most 20 requests a second, and 100 at once, of one token or signed-in person. Wait 1 second.',
      wait: 1,
    },
  });
  expect(await ask(1, { url: SESSION, headers: await tokenOf('ann', 'svc') })).toMatchObject({ answered: 1 });
  expect(await ask(1, { url: SESSION, headers: await server.cookieOf('ann') })).toMatchObject({
    answered: 1,
  });
  pass(1);
  expect(await ask(21, { url: SESSION, headers })).toMatchObject({ answered: 20 });
});

test('a person has one bucket over all their sessions', async () => {
  const [one, other] = [await server.cookieOf(null), await server.cookieOf(null)];
  expect(await ask(100, { url: SESSION, headers: one })).toMatchObject({ answered: 100 });
  expect(await ask(1, { url: SESSION, headers: other })).toMatchObject({ answered: 0 });
});

test('an assistant’s token has 60 requests a minute', async () => {
  const headers = await tokenOf('ben', 'mcp');
  expect(await ask(61, { url: SESSION, headers })).toMatchObject({ answered: 60, refusal: { wait: 1 } });
  pass(2);
  expect(await ask(3, { url: SESSION, headers })).toMatchObject({ answered: 2 });
});

test('a token has 60 uploads a minute', async () => {
  const headers = await tokenOf('cid', 'ing');
  expect(await ask(61, upload(headers, 1))).toMatchObject({
    answered: 60,
    refusal: { detail: expect.stringContaining('60 uploads a minute') },
  });
  pass(1);
  expect(await ask(2, upload(headers, 1))).toMatchObject({ answered: 1 });
});

test.each([
  ['that says its size', true],
  ['that does not', false],
])('what a token may upload in a day is counted for a body %s', async (name, declared) => {
  const headers = await tokenOf(name, 'ing');
  expect(await ask(1, upload(headers, BYTES_PER_DAY - 100, declared))).toMatchObject({ answered: 1 });
  expect(await ask(1, upload(headers, 101, declared))).toEqual({
    answered: 0,
    refusal: {
      code: 'rate_limited',
      detail: `This server answers at most ${BYTES_PER_DAY} bytes of uploads a day of one token or signed-in person. Wait 1 second.`,
      wait: 1,
    },
  });
  expect(await ask(1, upload(headers, 100, declared))).toMatchObject({ answered: 1 });
  expect(await ask(1, upload(headers, 864, declared))).toMatchObject({ answered: 0, refusal: { wait: 87 } });
  pass(87);
  expect(await ask(1, upload(headers, 864, declared))).toMatchObject({ answered: 1 });
});

test('what says that it is more than is left of the day is refused before a byte of it is counted', async () => {
  const headers = await tokenOf('dan', 'ing');
  const declared = (chunks: number, bytes: number): InjectOptions => {
    const sent = upload({ ...headers, 'content-length': `${chunks * bytes}` }, 0);
    return { ...sent, payload: Readable.from(Array.from({ length: chunks }, () => Buffer.alloc(bytes))) };
  };
  // It never fits, and so a day's wait is all that can be said.
  expect(await ask(1, declared(2, BYTES_PER_DAY / 2 + 1))).toMatchObject({
    answered: 0,
    refusal: { wait: 86_400 },
  });
  expect(await ask(1, declared(2, BYTES_PER_DAY / 2))).toMatchObject({ answered: 1 });
});

test('what browsers tell of broken pages is counted by address', async () => {
  const report = {
    method: 'POST',
    url: '/api/v1/csp-reports',
    remoteAddress: '10.9.8.1',
    headers: { 'content-type': 'application/reports+json' },
    payload: '[]',
  } as const;
  expect(await ask(26, report)).toMatchObject({ answered: 25 });
});

test('an address that shows nothing has 25 requests at once and 5 a second; a /64 is one address', async () => {
  const from = (remoteAddress: string, times: number) => ask(times, { url: '/api/v1/issues', remoteAddress });
  expect(await from('2001:db8::1', 20)).toMatchObject({ answered: 20 });
  expect(await from('2001:db8::ffff:0:0:2', 6)).toMatchObject({
    answered: 5,
    refusal: { detail: expect.stringContaining('5 requests a second') },
  });
  expect(await from('2001:db8:0:1::1', 1)).toMatchObject({ answered: 1 });
  expect(await from('10.9.9.9', 25)).toMatchObject({ answered: 25 });
  expect(await from('::ffff:10.9.9.9', 1)).toMatchObject({ answered: 0 });
  expect(await from('10.9.9.8', 1)).toMatchObject({ answered: 1 });
  pass(1);
  expect(await from('10.9.9.9', 6)).toMatchObject({ answered: 5 });
});
