import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createToken } from '#app/create-token.ts';
import { SECOND_MS } from '#base/instant.ts';
import { openTestServer, type TestServer } from './server.test-suite.ts';

let server: TestServer;
let headers: { readonly authorization: string };

beforeAll(async () => {
  server = await openTestServer();
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  await server.inbox.ctx.people.add({ id: 'ann-id', name: 'ann', role: 'administer' }, 'tester');
  const { secret } = await createToken(server.inbox.ctx, {
    kind: 'ing',
    name: 'ci',
    person: 'ann',
    days: null,
    role: null,
    binding: { source: 'nightly', scope: {} },
  });
  headers = { authorization: `Bearer ${secret}` };
});

afterAll(() => server.close());

const UPLOAD = '/api/v1/imports';

/** Every route that the API describes, and those that it does not: a new one is among them by itself. */
function routes(): readonly (readonly [method: string, url: string])[] {
  const described = Object.entries(server.app.swagger().paths ?? {}).flatMap(([url, methods]) =>
    Object.keys(methods as object).map(
      (method) => [method.toUpperCase(), url.replace(/\{\w+\}/g, 'x')] as const,
    ),
  );
  return [...described, ['GET', '/metrics']];
}

test('a token that only uploads is refused everywhere else, before anything is looked at', async () => {
  const asked = routes().filter(([, url]) => url !== UPLOAD);
  expect(asked.length).toBeGreaterThan(10);
  for (const [method, url] of asked) {
    // Signing in asks for no credential.
    if (method === 'POST' && url === '/api/v1/session') continue;
    // However many routes there are, no limit is met.
    server.inbox.clock.set(server.inbox.clock.now() + SECOND_MS);
    const answer = await server.app.inject({
      method: method as 'GET',
      url,
      headers: { host: '127.0.0.1:7070', ...headers },
    });
    expect([method, url, answer.statusCode]).toEqual([method, url, 403]);
  }
});

describe('an upload by such a token', () => {
  /** Over a real connection, as its limits are those of the connection. */
  async function upload(query: string) {
    const answer = await fetch(`${server.app.listeningOrigin}${UPLOAD}?name=report.json${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', ...headers },
      body: '{"SchemaVersion":2,"ArtifactName":"redis:7","ArtifactType":"container_image","Results":[]}',
    });
    return { status: answer.status, body: await answer.json() };
  }

  test('goes to its own source', async () => {
    const answer = await upload('');
    expect(answer.body).toMatchObject({ results: [{ format: 'trivy', source: 'nightly', error: null }] });
    expect((await upload('&source=nightly')).status).toBe(200);
  });

  test.each(['&source=weekly', '&confirm=true'])('is refused with %s', async (query) => {
    expect(await upload(query)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});
