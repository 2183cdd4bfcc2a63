import { afterEach, describe, expect, test } from 'vitest';
import { createToken } from '#app/create-token.ts';
import { InboxError } from '#base/inbox-error.ts';
import { DAY_MS } from '#base/instant.ts';
import { START } from '../../../test/support/test-inbox.ts';
import { openTestServer, type TestServer } from '../server.test-suite.ts';
import type { ServerParts } from '../server-parts.ts';

let server: TestServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function open(parts: Partial<ServerParts> = {}): Promise<{ server: TestServer; token: string }> {
  server = await openTestServer(parts);
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const { authorization } = await server.tokenOf('ci', 'triage');
  return { server, token: authorization };
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Headers;
  readonly body: string;
  json(): Record<string, unknown>;
}

/** Sends over a real connection, as how long one may be silent is a matter of connections. */
async function upload(
  { server: { app }, token }: Awaited<ReturnType<typeof open>>,
  more: Record<string, string> = {},
  sent = '{}',
): Promise<Answer> {
  const answer = await fetch(`${app.listeningOrigin}/api/v1/imports?name=a.json`, {
    method: 'POST',
    headers: { authorization: token, 'content-type': 'application/octet-stream', ...more },
    body: sent,
  });
  const body = await answer.text();
  return { statusCode: answer.status, headers: answer.headers, body, json: () => JSON.parse(body) };
}

const PROGRESS = { prefer: 'progress', 'accept-encoding': 'gzip' };

describe('an import that takes long', () => {
  test('sends white space to whoever asks for progress, and then its answer', async () => {
    const work = Promise.withResolvers<readonly []>();
    const opened = await open({ signOfLifeMs: 5, runImportWorker: () => work.promise });
    const answer = await fetch(`${opened.server.app.listeningOrigin}/api/v1/imports?name=a.json`, {
      method: 'POST',
      headers: { authorization: opened.token, 'content-type': 'application/octet-stream', ...PROGRESS },
      body: '{}',
    });
    expect([answer.status, answer.headers.get('preference-applied')]).toEqual([200, 'progress']);
    const reader = (answer.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    let text = '';
    for (let next = await reader.read(); !next.done && text.length < 3; next = await reader.read())
      text += next.value;
    expect(text.trim()).toBe('');
    work.resolve([]);
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
    expect(text.trim()).toBe('{"results":[]}');
  });

  test('that is refused later says so in the body', async () => {
    const work = Promise.withResolvers<never>();
    const opened = await open({ signOfLifeMs: 1, runImportWorker: () => work.promise });
    const answering = fetch(`${opened.server.app.listeningOrigin}/api/v1/imports?name=a.json`, {
      method: 'POST',
      headers: { authorization: opened.token, 'content-type': 'application/octet-stream', ...PROGRESS },
      body: '{}',
    });
    // Its head comes with the first sign of life.
    const answer = await answering;
    work.reject(new InboxError('timeout', 'too long'));
    const body = await answer.text();
    expect([answer.status, JSON.parse(body)]).toEqual([
      200,
      expect.objectContaining({ code: 'timeout', status: 504, detail: 'too long' }),
    ]);
  });

  test('has its own status where it is done or refused in time, or nobody asked for progress', async () => {
    const refusing = async () => {
      throw new InboxError('too_large', 'too much');
    };
    const opened = await open({ runImportWorker: refusing });
    expect((await upload(opened, PROGRESS)).statusCode).toBe(413);
    await server?.close();
    const silent = await open({ signOfLifeMs: 0, runImportWorker: refusing });
    const answer = await upload(silent);
    expect([answer.statusCode, answer.headers.get('preference-applied')]).toEqual([413, null]);
  });
});

describe('an Idempotency-Key', () => {
  const KEY = { 'idempotency-key': 'b9e0-1' };

  async function openCounting() {
    let count = 0;
    const opened = await open({
      runImportWorker: async () => {
        count += 1;
        return [];
      },
    });
    return { opened, asked: () => count };
  }

  test('answers a repetition as the first time, for a week, without doing it again', async () => {
    const { opened, asked } = await openCounting();
    const answers = [await upload(opened, KEY), await upload(opened, KEY)];
    expect(answers.map(({ statusCode, body }) => [statusCode, body])).toEqual(
      Array(2).fill([200, '{"results":[]}']),
    );
    expect(asked()).toBe(1);
    opened.server.inbox.clock.set(START + 7 * DAY_MS);
    await upload(await later(opened), KEY);
    expect(asked()).toBe(2);
  });

  /** A token of the same person that is valid when the first is not any more. */
  async function later(opened: Awaited<ReturnType<typeof open>>) {
    const made = await createToken(opened.server.inbox.ctx, {
      kind: 'pat',
      name: 'later',
      person: 'ci',
      days: 1,
      role: null,
      binding: null,
    });
    return { ...opened, token: `Bearer ${made.secret}` };
  }

  test('is of one person and one request', async () => {
    const { opened, asked } = await openCounting();
    await upload(opened, KEY);
    expect((await upload(opened, KEY, '[]')).json()).toMatchObject({
      status: 422,
      code: 'key_reused',
      detail: expect.stringContaining('stood for another request'),
    });
    const { authorization: token } = await opened.server.tokenOf('bob', 'triage');
    expect((await upload({ ...opened, token }, KEY, '[]')).statusCode).toBe(200);
    expect(asked()).toBe(2);
  });

  test('is told to wait while the first is worked on; a refusal is not kept', async () => {
    const first = Promise.withResolvers<never>();
    const begun = Promise.withResolvers<void>();
    let asked = 0;
    const opened = await open({
      runImportWorker: async () => {
        begun.resolve();
        asked += 1;
        return asked === 1 ? first.promise : [];
      },
    });
    const answering = upload(opened, KEY);
    await begun.promise;
    expect((await upload(opened, KEY)).json()).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('still worked on'),
    });
    first.reject(new InboxError('timeout', 'too long'));
    expect((await answering).statusCode).toBe(504);
    expect((await upload(opened, KEY)).statusCode).toBe(200);
    expect(asked).toBe(2);
  });

  test.each(['', 'a b', 'é', 'x'.repeat(201)])('that is none is refused: %j', async (key) => {
    const opened = await open({ runImportWorker: async () => [] });
    expect((await upload(opened, { 'idempotency-key': key })).json()).toMatchObject({ code: 'usage' });
    expect((await upload(opened, { 'idempotency-key': 'x'.repeat(200) })).statusCode).toBe(200);
  });
});
