import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isApiToken } from '#base/api-token.ts';
import { DAY_MS } from '#base/instant.ts';
import { openTestInbox, START, type TestInbox } from '../../test/support/test-inbox.ts';
import { addPerson } from './add-person.ts';
import { authenticate } from './authenticate.ts';
import { createToken } from './create-token.ts';
import { listTokens } from './list-tokens.ts';
import { revokeToken } from './revoke-token.ts';

let inbox: TestInbox;

beforeEach(async () => {
  inbox = await openTestInbox();
  await addPerson(inbox.ctx, { name: 'ann', role: 'triage' });
});

afterEach(() => inbox.close());

test('a token is shown once, and opens the door as its person', async () => {
  const { secret, ...view } = await createToken(inbox.ctx, {
    name: ' nightly\nbuild ',
    person: 'ann',
    days: 90,
  });
  expect(isApiToken(secret)).toBe(true);
  expect(view).toEqual({
    id: expect.stringMatching(/^[0-9a-v]{16}$/),
    name: 'nightly build',
    person: 'ann',
    createdAt: START,
    expiresAt: START + 90 * DAY_MS,
    lastUsedAt: null,
  });
  expect(await listTokens(inbox.ctx)).toEqual([view]);
  expect(await authenticate(inbox.ctx, { kind: 'token', secret })).toEqual({ name: 'ann', role: 'triage' });
  await revokeToken(inbox.ctx, { id: view.id });
  expect(await authenticate(inbox.ctx, { kind: 'token', secret })).toBe(null);
  await expect(revokeToken(inbox.ctx, { id: view.id })).rejects.toMatchObject({ code: 'not_found' });
});

test('a token is no session, and a session no token', async () => {
  const { secret } = await createToken(inbox.ctx, { name: 'ci', person: 'ann', days: 1 });
  expect(await authenticate(inbox.ctx, { kind: 'session', secret })).toBe(null);
});

test('a mistyped token is refused without asking the database', async () => {
  const { secret } = await createToken(inbox.ctx, { name: 'ci', person: 'ann', days: 1 });
  await inbox.database.pool.query('drop table api_token');
  const mistyped = secret.slice(0, -1) + (secret.endsWith('x') ? 'y' : 'x');
  for (const text of [mistyped, '', 'sinb_', secret.slice(0, -1)])
    expect(await authenticate(inbox.ctx, { kind: 'token', secret: text })).toBe(null);
  await expect(authenticate(inbox.ctx, { kind: 'token', secret })).rejects.toThrow('api_token');
});

describe('refused are', () => {
  test.each([
    ['no name', { name: ' ', person: 'ann', days: 1 }, 'usage'],
    ['no day', { name: 'ci', person: 'ann', days: 0 }, 'usage'],
    ['half a day', { name: 'ci', person: 'ann', days: 0.5 }, 'usage'],
    ['more than a year', { name: 'ci', person: 'ann', days: 367 }, 'usage'],
    ['no number', { name: 'ci', person: 'ann', days: Number.NaN }, 'usage'],
    ['nobody', { name: 'ci', person: 'bob', days: 1 }, 'not_found'],
  ] as const)('%s', async (_name, request, code) => {
    await expect(createToken(inbox.ctx, request)).rejects.toMatchObject({ code });
    expect(await listTokens(inbox.ctx)).toEqual([]);
  });
});
