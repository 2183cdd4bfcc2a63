import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemSchema } from '#contract/problem.ts';
import { openPool } from '#store/database.ts';
import { inboxOn } from '../../test/support/test-inbox.ts';
import { ROUTES } from './server.test-routes.ts';
import { OUR_PAGE, openTestServer, type TestServer } from './server.test-suite.ts';

let home: string;
let server: TestServer;
let secure: TestServer;

beforeAll(async () => {
  // Where the web app lies says nothing about its files.
  home = await mkdtemp(join(tmpdir(), 'inbox-web-'));
  const web = join(home, 'assets', 'dist');
  await mkdir(join(web, 'assets'), { recursive: true });
  await writeFile(join(web, 'index.html'), '<!doctype html><title>Security Inbox</title>');
  await writeFile(join(web, 'assets', 'index-abc123.js'), 'export {};');
  await writeFile(join(web, 'assets', 'index-abc123.js.gz'), 'packed by the build');
  await writeFile(join(web, '.env'), 'SECRET=1');
  server = await openTestServer({ webFolder: web });
  secure = await openTestServer({ publicUrl: new URL('https://inbox.example.com') });
});

afterAll(async () => {
  await server.close();
  await secure.close();
  await rm(home, { recursive: true, force: true });
});

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; report-to csp";

const UNUSED =
  'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()';

describe('every answer', () => {
  test.each([
    ['the web app', '/', 200, 'no-cache'],
    ['a page of the web app', '/sources', 200, 'no-cache'],
    ['a hashed file', '/assets/index-abc123.js', 200, 'public, max-age=31536000, immutable'],
    ['a hashed file that is not there', '/assets/gone.js', 404, 'no-store'],
    ['the API, signed out', '/api/v1/issues', 401, 'no-store'],
    ['an unknown address of the API', '/api/v1/nothing', 404, 'no-store'],
    ['the description of the API', '/api/v1/openapi.json', 200, 'no-store'],
    ['health', '/healthz', 200, 'no-store'],
    ['a hidden file', '/.env', 404, 'no-store'],
    ['a way out of the folder', '/..%2f..%2fetc%2fpasswd', 404, 'no-store'],
    ['an address that cannot be decoded', '/%c0', 400, 'no-store'],
  ])('to %s has its headers', async (_name, url, status, caching) => {
    const answer = await server.ask({ url });
    expect({ status: answer.statusCode, ...answer.headers }).toMatchObject({
      status,
      'cache-control': caching,
      'content-security-policy': CSP,
      'reporting-endpoints': 'csp="/api/v1/csp-reports"',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': UNUSED,
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(answer.headers).not.toHaveProperty('strict-transport-security');
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    if (status >= 400) {
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      const problem = problemSchema.parse(answer.json());
      expect(problem).toMatchObject({ status, requestId: answer.headers['x-request-id'] });
    }
  });

  test.each([
    ['whoever reads packed files', { 'accept-encoding': 'gzip, br' }, 'gzip', 'packed by the build'],
    ['whoever does not', {}, undefined, 'export {};'],
  ])('to %s is the file as the build packed it, or as it is', async (_name, headers, encoding, body) => {
    const answer = await server.ask({ url: '/assets/index-abc123.js', headers });
    expect({ encoding: answer.headers['content-encoding'], body: answer.body }).toEqual({ encoding, body });
    expect(answer.headers['content-type']).toMatch(/javascript/);
    expect(answer.headers.vary).toMatch(/accept-encoding/i);
  });

  test('asks for https only where the public URL has it', async () => {
    const answer = await secure.ask({ url: '/healthz' });
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
  });

  test('is one of the contract even where the web app is not built', async () => {
    expect(problemSchema.parse((await secure.ask({ url: '/' })).json())).toMatchObject({ code: 'not_found' });
  });
});

describe('a name that is not the server’s', () => {
  test.each(['evil.example', '127.0.0.1.evil.example:7070', 'localhost.:7070', 'inbox.example.com'])(
    '%s is refused',
    async (host) => {
      for (const url of ['/', '/api/v1/session', '/api/v1/openapi.json', '/nothing']) {
        const answer = await server.ask({ url, headers: { host } });
        expect(answer.statusCode).toBe(403);
        expect(answer.json()).toMatchObject({ code: 'forbidden' });
      }
    },
  );

  test('is let in where it is the public one, and for probes', async () => {
    expect(
      (await secure.ask({ url: '/api/v1/openapi.json', headers: { host: 'inbox.example.com' } })).statusCode,
    ).toBe(200);
    expect((await server.ask({ url: '/healthz', headers: { host: '10.1.2.3:7070' } })).body).toBe('ok\n');
  });
});

describe('what changes something', () => {
  const foreign = [
    ['a foreign page', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a page on another port', { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-site' }],
    ['a form of a foreign page', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['a foreign page in an old browser', { origin: 'https://evil.example', 'sec-fetch-site': undefined }],
    ['a client that says nothing', { origin: undefined, 'sec-fetch-site': undefined }],
  ] as const;

  test.each(foreign)('is refused to a cookie that %s sends', async (_name, headers) => {
    const cookie = await server.cookieOf(null);
    for (const [method, url] of [
      ['DELETE', '/api/v1/session'],
      ['POST', '/api/v1/issues/x/mute'],
      ['POST', '/api/v1/imports?name=a.json'],
    ] as const) {
      const sent = { ...OUR_PAGE, ...headers, ...cookie };
      const answer = await server.app.inject({
        method,
        url,
        headers: Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)),
      });
      expect(answer.statusCode).toBe(403);
    }
    expect((await server.ask({ url: '/api/v1/session', headers: cookie })).statusCode).toBe(200);
  });

  test('signing in from a foreign page is refused too', async () => {
    const answer = await server.ask({
      method: 'POST',
      url: '/api/v1/session',
      headers: { origin: 'https://evil.example' },
      payload: { token: 'x' },
    });
    expect(answer.json()).toMatchObject({ code: 'forbidden' });
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json+x',
    '',
  ])('is refused as %j', async (type) => {
    const token = await server.tokenOf(`with type ${type}.`, 'triage');
    const answer = await server.ask({
      method: 'POST',
      url: '/api/v1/issues/x/mute',
      headers: { ...token, 'content-type': type },
      payload: '{"reason":"x"}',
    });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'usage']);
  });

  test.each([
    ['no JSON', '{'],
    ['JSON with a prototype', '{"reason":"x","__proto__":{"role":"administer"}}'],
    ['a list where a text belongs', '{"reason":["x"]}'],
    ['nothing', ''],
  ])('is refused with %s', async (name, payload) => {
    const token = await server.tokenOf(`with ${name}`, 'triage');
    const answer = await server.ask({
      method: 'POST',
      url: '/api/v1/issues/x/mute',
      headers: { ...token, 'content-type': 'application/json' },
      payload,
    });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'usage']);
  });

  test.each([
    ['a megabyte', 1024 ** 2, 400],
    ['more', 1024 ** 2 + 1, 413],
  ])('is looked at up to a megabyte of JSON: %s', async (name, length, status) => {
    const token = await server.tokenOf(`with ${name}`, 'triage');
    const payload = `{"reason":"${'x'.repeat(length - 13)}"}`;
    const answer = await server.ask({
      method: 'POST',
      url: '/api/v1/issues/x/mute',
      headers: { ...token, 'content-type': 'application/json' },
      payload,
    });
    expect([payload.length, answer.statusCode]).toEqual([length, status]);
  });

  test.each([
    ['/api/v1/imports?name=a.json', 'br'],
    ['/api/v1/imports?name=a.json', 'gzip, gzip'],
    ['/api/v1/issues/x/mute', 'gzip'],
  ])(
    'is refused packed, to %s by %s: the importer unpacks what it may, nobody else',
    async (url, encoding) => {
      const token = await server.tokenOf(`packed by ${encoding} ${url.length}`, 'triage');
      const answer = await server.ask({
        method: 'POST',
        url,
        headers: { ...token, 'content-type': 'application/octet-stream', 'content-encoding': encoding },
        payload: 'x',
      });
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'usage']);
    },
  );
});

test.each(['/issues?q=a%00', '/issues/%00', '/issue-names/%00', '/imports?name=a&source=%00'])(
  'a NUL in %s is refused, as no database takes it',
  async (url) => {
    const token = await server.tokenOf(`nul-${url.length}`, 'triage');
    const answer = await server.ask({ url: `/api/v1${url}`, headers: token });
    expect(answer.json()).toMatchObject({ status: 400, code: 'usage' });
  },
);

describe('who asks', () => {
  test('every described route is in the table below, signing in apart', async () => {
    const { paths } = (await server.ask({ url: '/api/v1/openapi.json' })).json() as {
      paths: Record<string, Record<string, unknown>>;
    };
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const known = ROUTES.map(
      ([method, url]) =>
        `${method} ${url.replace(/\?.*/, '').replace('/x', '/{id}').replace('/y', '/{other}').replace('/z', '/{name}')}`,
    );
    expect(described.toSorted()).toEqual([...known, 'POST /api/v1/session'].toSorted());
  });

  test.each(ROUTES)('%s %s needs somebody', async (method, url) => {
    const sender = `10.0.0.${ROUTES.findIndex((route) => route[1] === url) + 1}`;
    for (const headers of [
      {},
      { authorization: 'Bearer sinb_x' },
      { authorization: 'Basic YTpi' },
      { cookie: 'security-inbox-7070=x' },
      { cookie: 'security-inbox-7070=' },
    ]) {
      const answer = await server.ask({
        method,
        url,
        headers,
        remoteAddress: sender,
        ...(method === 'POST' ? { payload: {} } : {}),
      });
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'unauthenticated']);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  test.each([
    ['read', 'POST', '/api/v1/issues/x/admit', 403],
    ['read', 'POST', '/api/v1/issues/x/mute', 403],
    ['read', 'POST', '/api/v1/issues/x/unmute', 403],
    ['read', 'POST', '/api/v1/issues/x/unadmit', 403],
    ['read', 'POST', '/api/v1/issues/x/assign', 403],
    ['read', 'POST', '/api/v1/issues/x/due', 403],
    ['read', 'POST', '/api/v1/issues/x/snooze', 403],
    ['read', 'POST', '/api/v1/issues/x/wake', 403],
    ['read', 'POST', '/api/v1/issues/x/start', 403],
    ['read', 'POST', '/api/v1/issues/x/stop', 403],
    ['read', 'POST', '/api/v1/actions/x/undo', 403],
    ['read', 'POST', '/api/v1/issues/x/comments', 403],
    ['read', 'POST', '/api/v1/comments/x/edit', 403],
    ['read', 'POST', '/api/v1/comments/x/delete', 403],
    ['read', 'POST', '/api/v1/acceptances/x/approve', 403],
    ['read', 'POST', '/api/v1/acceptance-rules', 403],
    ['read', 'GET', '/api/v1/assignees', 403],
    ['read', 'GET', '/api/v1/issues/x/history', 404],
    ['read', 'POST', '/api/v1/imports?name=a.json', 403],
    ['read', 'GET', '/api/v1/issues', 200],
    ['read', 'GET', '/api/v1/issues/x', 404],
    ['read', 'GET', '/api/v1/sources', 200],
    ['read', 'GET', '/api/v1/feeds', 200],
    ['triage', 'POST', '/api/v1/issues/x/admit', 404],
    ['triage', 'POST', '/api/v1/issues/x/mute', 404],
    ['triage', 'POST', '/api/v1/issues/x/unmute', 404],
    ['triage', 'POST', '/api/v1/issues/x/unadmit', 404],
    ['triage', 'POST', '/api/v1/issues/x/assign', 404],
    ['triage', 'POST', '/api/v1/issues/x/due', 404],
    ['triage', 'POST', '/api/v1/issues/x/snooze', 404],
    ['triage', 'POST', '/api/v1/issues/x/wake', 404],
    ['triage', 'POST', '/api/v1/issues/x/start', 404],
    ['triage', 'POST', '/api/v1/issues/x/stop', 404],
    ['triage', 'POST', '/api/v1/actions/x/undo', 404],
    ['triage', 'POST', '/api/v1/issues/x/comments', 404],
    ['triage', 'POST', '/api/v1/comments/x/edit', 404],
    ['triage', 'POST', '/api/v1/comments/x/delete', 404],
    ['triage', 'POST', '/api/v1/acceptances/x/approve', 403],
    ['triage', 'POST', '/api/v1/acceptance-rules', 403],
    ['triage', 'GET', '/api/v1/assignees', 200],
    ['triage', 'GET', '/api/v1/issues/x/above/y', 404],
    ['administer', 'POST', '/api/v1/issues/x/mute', 404],
    ['administer', 'POST', '/api/v1/acceptances/x/approve', 404],
    ['administer', 'POST', '/api/v1/acceptances/x/decline', 404],
  ] as const)('a person with %s: %s %s is %s', async (role, method, url, status) => {
    const token = await server.tokenOf(`${role} of ${url} ${method}`, role);
    const answer = await server.ask({
      method,
      url,
      headers: token,
      ...(method === 'POST'
        ? { payload: { reason: 'because', assignee: null, due: null, untilWorse: true, text: 'so' } }
        : {}),
    });
    expect(answer.statusCode).toBe(status);
  });

  test('a wrong token is not saved by a good cookie', async () => {
    const cookie = await server.cookieOf(null);
    const answer = await server.ask({
      url: '/api/v1/session',
      headers: { ...cookie, authorization: 'Bearer sinb_x' },
      remoteAddress: '10.0.1.1',
    });
    expect(answer.statusCode).toBe(401);
  });

  test('an address that guesses is asked to wait, whatever it shows next, and one beside it is not', async () => {
    const token = await server.tokenOf('beside a guesser', 'read');
    const guess = () =>
      server.ask({
        url: '/api/v1/issues',
        headers: { authorization: 'Bearer sinb_x' },
        remoteAddress: '10.0.2.1',
      });
    const answers: Awaited<ReturnType<typeof guess>>[] = [];
    while (answers.length < 30) answers.push(await guess());
    expect(answers.filter((answer) => answer.statusCode === 401)).toHaveLength(25);
    const refused = answers.filter((answer) => answer.statusCode === 429);
    expect(refused).toHaveLength(5);
    expect(
      refused.map(
        (answer) => Number(answer.headers['retry-after']) > 0 && answer.json().code === 'rate_limited',
      ),
    ).toEqual(Array(5).fill(true));
    for (const [remoteAddress, status] of [
      ['10.0.2.1', 429],
      ['10.0.2.2', 200],
    ] as const) {
      expect((await server.ask({ url: '/api/v1/issues', headers: token, remoteAddress })).statusCode).toBe(
        status,
      );
    }
  });
});

describe('an address that a proxy tells', () => {
  const guess = (asked: TestServer, remoteAddress: string, told: string) =>
    asked.ask({ url: '/api/v1/issues', remoteAddress, headers: { 'x-forwarded-for': told } });

  test.each([
    ['on this machine, where browsers come through one', () => secure, '127.0.0.1', 401],
    ['elsewhere', () => secure, '10.0.4.1', 429],
    ['where there is none', () => server, '127.0.0.2', 429],
  ] as const)('%s', async (_name, asked, proxy, status) => {
    let last = 0;
    for (let each = 0; each < 26; each += 1)
      last = (await guess(asked(), proxy, `10.1.0.${each}`)).statusCode;
    expect(last).toBe(status);
  });
});

describe('metrics', () => {
  test('are for this machine as long as nobody else can come, else for whoever has a token', async () => {
    expect((await server.ask({ url: '/metrics' })).statusCode).toBe(200);
    expect((await server.ask({ url: '/metrics', remoteAddress: '10.0.3.1' })).statusCode).toBe(401);
    expect(
      (
        await server.ask({
          url: '/metrics',
          remoteAddress: '10.0.3.1',
          headers: { 'x-forwarded-for': '127.0.0.1' },
        })
      ).statusCode,
    ).toBe(401);
    expect((await secure.ask({ url: '/metrics' })).statusCode).toBe(401);
    const token = await secure.tokenOf('prometheus', 'read');
    expect((await secure.ask({ url: '/metrics', headers: token })).statusCode).toBe(200);
  });

  test('count answers by route, never by address', async () => {
    await server.ask({ url: '/no-such-page.php?token=abc' });
    await server.ask({ url: '/healthz' });
    const { body, headers } = await server.ask({ url: '/metrics' });
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toMatch(
      /^security_inbox_http_request_seconds_count\{method="GET",route="\/healthz",status="200"\} \d+$/m,
    );
    expect(body).toMatch(/^security_inbox_issues\{severity="critical"\} 0$/m);
    expect(body).toMatch(/^security_inbox_imported_files_total\{outcome="read"\} 0$/m);
    expect(body).not.toContain('php');
  });
});

describe('readiness', () => {
  test.each([
    [true, 200, 'ready\n'],
    [false, 503, 'not ready\n'],
  ])('%s', async (isReady, status, body) => {
    const asked = await openTestServer({ isReady: async () => isReady });
    const answer = await asked.ask({ url: '/readyz' });
    expect([answer.statusCode, answer.body]).toEqual([status, body]);
    await asked.close();
  });
});

test('without a database every question is refused as one that may be asked again', async () => {
  const asked = await openTestServer();
  const pool = openPool({ host: '127.0.0.1', port: 1, user: 'me', database: 'inbox' });
  const { ctx } = inboxOn({ ...asked.inbox.database, pool });
  const closed = await openTestServer({ context: ctx });
  const answer = await closed.ask({
    url: '/api/v1/issues',
    headers: { cookie: 'security-inbox-7070=abcdefgh' },
  });
  expect(problemSchema.parse(answer.json())).toMatchObject({
    status: 503,
    code: 'database_unreachable',
    detail: expect.stringContaining('The database does not answer'),
  });
  expect(closed.log.some((line) => line.includes('ECONNREFUSED'))).toBe(true);
  await pool.end();
  await closed.close();
  await asked.close();
});

describe('a fault of the server', () => {
  test('is told by its id, and the log has the rest', async () => {
    const broken = await openTestServer({
      isReady: async () => {
        throw new Error('password=hunter2\n{"level":60} \u001b[31m \u202e');
      },
    });
    const answer = await broken.ask({ url: '/readyz' });
    expect(problemSchema.parse(answer.json())).toMatchObject({
      status: 500,
      code: 'internal',
      detail: expect.stringContaining(`${answer.headers['x-request-id']}`),
    });
    expect(answer.body).not.toContain('hunter2');
    expect(answer.body).not.toContain('server.test.ts');
    const logged = broken.log.map((line) => JSON.parse(line) as { reqId: string; err?: { message: string } });
    expect(logged.find((line) => line.err !== undefined)).toMatchObject({
      reqId: answer.headers['x-request-id'],
      err: { message: 'password=hunter2 {"level":60} [31m' },
    });
    await broken.close();
  });
});

describe('the log', () => {
  test('holds no secret and no text of a caller', async () => {
    const cookie = await server.cookieOf(null);
    const token = await server.tokenOf('logged', 'read');
    await server.ask({ url: '/api/v1/session', headers: cookie });
    await server.ask({ url: '/api/v1/issues?q=findme', headers: token });
    await server.ask({ url: '/findme', headers: { 'user-agent': 'findme' } });
    const log = server.log.join('');
    for (const secret of [cookie.cookie.split('=')[1], token.authorization.split(' ')[1], 'findme'])
      expect(log).not.toContain(secret);
    expect(log).toContain('"actor":"logged"');
  });
});

test('limits of the connection are set', () => {
  expect(server.app.server).toMatchObject({
    headersTimeout: 10_000,
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: 5_000,
    maxHeadersCount: 100,
    maxConnections: 1_000,
    maxRequestsPerSocket: 1_000,
    timeout: 60_000,
  });
  // Behind a proxy ours outlive its own.
  expect(secure.app.server.keepAliveTimeout).toBe(65_000);
});

test.each([
  ['within 16 KB are read', 15_000, 200],
  ['beyond are refused', 16_500, 431],
])('headers %s', async (_name, length, status) => {
  const asked = await openTestServer();
  await asked.app.listen({ host: '127.0.0.1', port: 0 });
  const answer = await fetch(`${asked.app.listeningOrigin}/healthz`, {
    headers: { 'x-filler': 'x'.repeat(length) },
  });
  expect(answer.status).toBe(status);
  await asked.close();
});

describe('what a browser tells of a page that broke its policy', () => {
  const report = (payload: string, type = 'application/reports+json') =>
    server.ask({
      method: 'POST',
      url: '/api/v1/csp-reports',
      headers: { 'content-type': type },
      payload,
    });

  test('is a line of the log, one for each, without its control characters', async () => {
    const body = { effectiveDirective: 'script-src\n\u001b[31m', blockedURL: 'inline', other: 'unheard' };
    const answer = await report(JSON.stringify([{ type: 'csp-violation', body }, { body: 7 }]));
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    const lines = server.log.filter((line) => line.includes('content security policy'));
    expect(lines.map((line) => JSON.parse(line).directive)).toEqual(['script-src [31m', '']);
    expect(lines.join()).not.toContain('unheard');
  });

  test('is heard ten times in one report, and 200 characters of each text', async () => {
    const before = server.log.length;
    const body = { effectiveDirective: 'd'.repeat(201) };
    await report(JSON.stringify(Array.from({ length: 11 }, () => ({ body }))));
    const lines = server.log.slice(before).filter((line) => line.includes('content security policy'));
    expect(lines.map((line) => JSON.parse(line).directive)).toEqual(Array(10).fill(`${'d'.repeat(199)}…`));
  });

  test.each([
    ['no JSON', 'x', 'application/reports+json', 400],
    ['more than 64 KB', JSON.stringify(['x'.repeat(65_536)]), 'application/reports+json', 413],
    ['no report', '{}', 'application/reports+json', 204],
  ])('%s', async (_name, payload, type, status) => {
    expect((await report(payload, type)).statusCode).toBe(status);
  });
});

test('the API is described as OpenAPI 3.1', async () => {
  const description = (await server.ask({ url: '/api/v1/openapi.json' })).json();
  expect(description).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'Security Inbox', version: '1.2.3' },
  });
  expect(
    description.paths['/api/v1/issues'].get.parameters.map((each: { name: string }) => each.name),
  ).toEqual(['cursor', 'limit', 'all', 'severity', 'type', 'risk', 'status', 'muted', 'q', 'query']);
});
