import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSignInLink } from '#app/create-sign-in-link.ts';
import { SECOND_MS } from '#base/instant.ts';
import { START } from '../../test/support/test-inbox.ts';
import { OUR_PAGE, openTestServer, type TestServer } from './server.test-suite.ts';

let server: TestServer;

beforeAll(async () => {
  server = await openTestServer({}, { isFresh: true });
});

afterAll(() => server.close());

const SESSION = '/api/v1/session';
const signIn = (token: string, remoteAddress: string) =>
  server.ask({ method: 'POST', url: SESSION, payload: { token }, remoteAddress });

/** Every route that the API describes, and what it does not describe. */
function routes(): readonly (readonly [string, string])[] {
  const described = Object.entries(server.app.swagger().paths ?? {}).flatMap(([url, methods]) =>
    Object.keys(methods ?? {}).map((method) => [method.toUpperCase(), url.replace(/\{\w+\}/g, 'x')] as const),
  );
  return [
    ...described,
    ['GET', '/api/v1/openapi.json'],
    ['POST', '/api/v1/csp-reports'],
    ['GET', '/metrics'],
  ].filter(([method, url]) => !(method === 'POST' && url === SESSION)) as [string, string][];
}

test('until there is an administrator every route says so, but signing in and probes; then none does', async () => {
  const refusals: unknown[] = [];
  for (const [index, [method, url]] of routes().entries()) {
    const answer = await server.ask({ method: method as 'GET', url, remoteAddress: `10.0.1.${index}` });
    const { status, code } = answer.json();
    if (status !== 503 || code !== 'not_initialised') refusals.push([method, url, answer.body]);
  }
  expect(routes().length).toBeGreaterThan(30);
  expect(refusals).toEqual([]);
  expect((await server.ask({ url: '/healthz' })).statusCode).toBe(200);
  expect((await server.ask({ url: '/readyz' })).statusCode).toBe(200);
  expect((await signIn('guessed', '10.0.0.1')).json()).toMatchObject({ code: 'unauthenticated' });

  const link = () => createSignInLink(server.inbox.ctx, { name: null, address: OUR_PAGE.origin });
  const secrets = [(await link()).secret, (await link()).secret];
  expect((await server.ask({ url: SESSION })).json()).toMatchObject({ code: 'not_initialised' });
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => signIn(secrets[index % 2] ?? '', `10.0.2.${index}`)),
  );
  expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([
    200,
    ...Array<number>(99).fill(401),
  ]);
  expect(await server.inbox.ctx.people.list()).toMatchObject([{ name: 'admin', role: 'administer' }]);
  const [cookie] = answers.find(({ statusCode }) => statusCode === 200)?.cookies ?? [];
  const headers = { cookie: `${cookie?.name}=${cookie?.value}` };
  expect((await server.ask({ url: SESSION, headers })).json()).toEqual({ name: 'admin', role: 'administer' });
  expect((await server.ask({ url: SESSION })).json()).toMatchObject({ code: 'unauthenticated' });
});

test('asking a fresh server is counted, so that its database is spared', async () => {
  const fresh = await openTestServer({}, { isFresh: true });
  try {
    const codes: string[] = [];
    while (codes.length < 26) codes.push((await fresh.ask({ url: SESSION })).json().code);
    expect(codes).toEqual([...Array<string>(25).fill('not_initialised'), 'rate_limited']);
    fresh.inbox.clock.set(START + SECOND_MS);
    expect((await fresh.ask({ url: SESSION })).json().code).toBe('not_initialised');
  } finally {
    await fresh.close();
  }
});
