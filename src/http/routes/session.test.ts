import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSignInLink } from '#app/create-sign-in-link.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#base/instant.ts';
import { START } from '../../../test/support/test-inbox.ts';
import { OUR_PAGE, openTestServer, type TestServer } from '../server.test-suite.ts';

const SESSION = '/api/v1/session';

let server: TestServer;

beforeEach(async () => {
  server = await openTestServer();
});

afterEach(() => server.close());

async function link(): Promise<string> {
  return (await createSignInLink(server.inbox.ctx, { name: null, address: OUR_PAGE.origin })).secret;
}

const signIn = (token: string, remoteAddress = '127.0.0.1') =>
  server.ask({ method: 'POST', url: SESSION, payload: { token }, remoteAddress });

describe('signing in', () => {
  test('says who came in', async () => {
    const answer = await signIn(await link());
    expect([answer.statusCode, answer.json()]).toEqual([200, { name: 'admin', role: 'administer' }]);
  });

  test('sets a cookie that scripts and other sites never see', async () => {
    const answer = await signIn(await link());
    expect(answer.headers['set-cookie']).toMatch(
      /^security-inbox-7070=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  test('over https sets one that only this host can set', async () => {
    const secure = await openTestServer({ publicUrl: new URL('https://inbox.example.com') });
    const { secret } = await createSignInLink(secure.inbox.ctx, {
      name: null,
      address: 'https://inbox.example.com',
    });
    const headers = { host: 'inbox.example.com', origin: 'https://inbox.example.com' };
    const answer = await secure.ask({ method: 'POST', url: SESSION, headers, payload: { token: secret } });
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-sid=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    await secure.close();
  });

  test('works once, however many try at the same time', async () => {
    const secret = await link();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => signIn(secret, `10.0.0.${index}`)),
    );
    expect(answers.map((answer) => answer.statusCode).toSorted()).toEqual([
      200,
      ...Array<number>(99).fill(401),
    ]);
    expect(answers.filter((answer) => answer.cookies.length > 0)).toHaveLength(1);
  });

  test('works for half an hour', async () => {
    const [inTime, late] = [await link(), await link()];
    server.inbox.clock.set(START + 30 * MINUTE_MS - 1);
    expect((await signIn(inTime)).statusCode).toBe(200);
    server.inbox.clock.set(START + 30 * MINUTE_MS);
    expect((await signIn(late)).statusCode).toBe(401);
  });

  test('tells nothing about why it failed', async () => {
    const secret = await link();
    await signIn(secret);
    const answers = [await signIn(secret), await signIn('x'), await signIn(`${secret}x`)];
    const told = answers.map((answer) => ({ ...answer.json(), requestId: '' }));
    expect(told).toEqual(Array(3).fill(told[0]));
    expect(told[0]).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  test('is slowed down for whoever tries often', async () => {
    const codes: string[] = [];
    while (codes.length < 102) codes.push((await signIn('x', '10.0.9.1')).json().code);
    expect(codes).toEqual([...Array<string>(100).fill('unauthenticated'), 'rate_limited', 'rate_limited']);
    expect((await signIn(await link(), '10.0.9.2')).statusCode).toBe(200);
    server.inbox.clock.set(START + 35 * SECOND_MS);
    expect((await signIn('x', '10.0.9.1')).statusCode).toBe(429);
    server.inbox.clock.set(START + 36 * SECOND_MS);
    expect((await signIn(await link(), '10.0.9.1')).statusCode).toBe(200);
  });

  test.each([{}, { token: '' }, { token: ['x'] }, { token: 'x'.repeat(501) }, []])(
    'needs a token: %j',
    async (payload) => {
      expect((await server.ask({ method: 'POST', url: SESSION, payload })).json()).toMatchObject({
        status: 400,
        code: 'usage',
      });
    },
  );
});

describe('a session', () => {
  test('says who is signed in', async () => {
    const cookie = await server.cookieOf(null);
    expect((await server.ask({ url: SESSION, headers: cookie })).json()).toEqual({
      name: 'admin',
      role: 'administer',
    });
  });

  test('ends when it is closed, in every browser that holds its cookie', async () => {
    const cookie = await server.cookieOf(null);
    const other = await server.cookieOf(null);
    const answer = await server.ask({ method: 'DELETE', url: SESSION, headers: cookie });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(answer.headers['set-cookie']).toMatch(
      /^security-inbox-7070=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Strict$/,
    );
    expect((await server.ask({ url: SESSION, headers: cookie })).statusCode).toBe(401);
    expect((await server.ask({ url: SESSION, headers: other })).statusCode).toBe(200);
  });

  test.each([
    ['an administrator', 'administer', 30 * MINUTE_MS],
    ['anybody else', 'triage', 8 * HOUR_MS],
  ] as const)('of %s ends when it idles', async (_name, role, idle) => {
    await server.inbox.ctx.people.add({ id: 'ann-id', name: 'ann', role }, 'tester');
    const [inTime, late] = [await server.cookieOf('ann'), await server.cookieOf('ann')];
    server.inbox.clock.set(START + idle - 1);
    expect((await server.ask({ url: SESSION, headers: inTime })).statusCode).toBe(200);
    server.inbox.clock.set(START + idle);
    expect((await server.ask({ url: SESSION, headers: late })).statusCode).toBe(401);
    expect((await server.ask({ url: SESSION, headers: inTime })).statusCode).toBe(200);
  });

  test('is another one after signing in again, and the one before is over', async () => {
    const before = await server.cookieOf(null);
    const payload = { token: await link() };
    const answer = await server.ask({ method: 'POST', url: SESSION, payload, headers: before });
    const [cookie] = answer.cookies;
    expect(before.cookie).not.toContain(cookie?.value);
    expect((await server.ask({ url: SESSION, headers: before })).statusCode).toBe(401);
  });

  test('is one of ten that a person has, the newest', async () => {
    const cookies: { readonly cookie: string }[] = [];
    for (let each = 0; each < 11; each += 1) {
      server.inbox.clock.set(START + each);
      const payload = { token: await link() };
      const remoteAddress = `10.1.0.${each}`;
      const answer = await server.ask({ method: 'POST', url: SESSION, payload, remoteAddress });
      cookies.push({ cookie: `${answer.cookies[0]?.name}=${answer.cookies[0]?.value}` });
    }
    const states = cookies.map(
      async (cookie) => (await server.ask({ url: SESSION, headers: cookie })).statusCode,
    );
    expect(await Promise.all(states)).toEqual([401, ...Array<number>(10).fill(200)]);
  });

  test('ends with its person', async () => {
    await server.inbox.ctx.people.add({ id: 'ann-id', name: 'ann', role: 'triage' }, 'tester');
    const cookie = await server.cookieOf('ann');
    await server.inbox.ctx.people.remove('ann', 'tester');
    expect((await server.ask({ url: SESSION, headers: cookie })).statusCode).toBe(401);
  });

  test('is nothing that a token has', async () => {
    const token = await server.tokenOf('ann', 'read');
    expect((await server.ask({ url: SESSION, headers: token })).json()).toEqual({
      name: 'ann',
      role: 'read',
    });
    expect((await server.ask({ method: 'DELETE', url: SESSION, headers: token })).json()).toMatchObject({
      code: 'usage',
    });
  });

  test('of one port is no session of another', async () => {
    const cookie = await server.cookieOf(null);
    const answer = await server.ask({ url: SESSION, headers: { ...cookie, host: '127.0.0.1:8080' } });
    expect(answer.statusCode).toBe(401);
  });
});
