import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiTokenKind } from '#base/api-token.ts';
import { DAY_MS } from '#base/instant.ts';
import { openTestInbox, START, type TestInbox } from '../../test/support/test-inbox.ts';
import { addPerson } from './add-person.ts';
import { authenticate } from './authenticate.ts';
import { permit } from './context.ts';
import { createToken } from './create-token.ts';
import { listTokens } from './list-tokens.ts';
import { revokeToken } from './revoke-token.ts';

const PAT = { kind: 'pat', days: 90, role: null, binding: null } as const;
const NIGHTLY = { source: 'nightly', scope: { cluster: 'shop' } };
const ING = { ...PAT, kind: 'ing', name: 'ci', person: 'ann', binding: NIGHTLY } as const;

let inbox: TestInbox;

beforeEach(async () => {
  inbox = await openTestInbox();
  await addPerson(inbox.ctx, { name: 'ann', role: 'triage' });
  await addPerson(inbox.ctx, { name: 'rea', role: 'read' });
});

afterEach(() => inbox.close());

test('a token is shown once, and opens the door as its person', async () => {
  const { secret, ...view } = await createToken(inbox.ctx, {
    ...PAT,
    name: ' nightly\nbuild ',
    person: 'ann',
    days: null,
  });
  expect(apiTokenKind(secret)).toBe('pat');
  expect(view).toEqual({
    id: expect.stringMatching(/^[0-9a-v]{16}$/),
    kind: 'pat',
    name: 'nightly build',
    lastFour: secret.slice(-4),
    person: 'ann',
    role: null,
    binding: null,
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
  const { secret } = await createToken(inbox.ctx, { ...PAT, name: 'ci', person: 'ann', days: 1 });
  expect(await authenticate(inbox.ctx, { kind: 'session', secret })).toBe(null);
});

test('a mistyped token is refused without asking the database', async () => {
  const { secret } = await createToken(inbox.ctx, { ...PAT, name: 'ci', person: 'ann', days: 1 });
  await inbox.database.pool.query('drop table api_token');
  const mistyped = secret.slice(0, -1) + (secret.endsWith('x') ? 'y' : 'x');
  for (const text of [mistyped, '', 'sinb_pat_', secret.slice(0, -1)])
    expect(await authenticate(inbox.ctx, { kind: 'token', secret: text })).toBe(null);
  await expect(authenticate(inbox.ctx, { kind: 'token', secret })).rejects.toThrow('api_token');
});

test.each([
  ['pat', null, 'triage', 90],
  ['pat', 'read', 'read', 90],
  ['svc', null, 'read', 90],
  ['svc', 'triage', 'triage', 90],
  ['mcp', null, 'read', 90],
] as const)(
  'a token of kind %s with the role %s acts with %s, for %i days',
  async (kind, role, acts, days) => {
    const made = await createToken(inbox.ctx, { ...PAT, kind, name: 'x', person: 'ann', days: null, role });
    expect(apiTokenKind(made.secret)).toBe(kind);
    expect(made.expiresAt).toBe(START + days * DAY_MS);
    expect(await authenticate(inbox.ctx, { kind: 'token', secret: made.secret })).toEqual({
      name: 'ann',
      role: acts,
    });
  },
);

test.each([1, 366])('a token may live for %i days', async (days) => {
  const { expiresAt } = await createToken(inbox.ctx, { ...PAT, name: 'x', person: 'ann', days });
  expect(expiresAt).toBe(START + days * DAY_MS);
});

test('a token of kind ing uploads to its source for a year, and nothing else', async () => {
  const { secret, expiresAt } = await createToken(inbox.ctx, { ...ING, days: null });
  expect(expiresAt).toBe(START + 365 * DAY_MS);
  const actor = await authenticate(inbox.ctx, { kind: 'token', secret });
  expect(actor).toEqual({ name: 'ann', role: 'ingest', upload: NIGHTLY });
  if (actor === null) return;
  for (const role of ['read', 'triage', 'administer'] as const)
    expect(() => permit({ actor }, role)).toThrow(expect.objectContaining({ code: 'forbidden' }));
  expect(() => permit({ actor }, 'ingest')).not.toThrow();
});

test('a token loses what its person loses', async () => {
  const strong = await createToken(inbox.ctx, { ...PAT, name: 'x', person: 'ann', role: 'triage' });
  const upload = await createToken(inbox.ctx, ING);
  await inbox.database.pool.query("update person set role = 'read'");
  expect(await authenticate(inbox.ctx, { kind: 'token', secret: strong.secret })).toMatchObject({
    role: 'read',
  });
  expect(await authenticate(inbox.ctx, { kind: 'token', secret: upload.secret })).toBe(null);
});

describe('refused are', () => {
  test.each([
    ['no name', { name: ' ', person: 'ann', days: 1 }, 'usage'],
    ['no day', { name: 'ci', person: 'ann', days: 0 }, 'usage'],
    ['half a day', { name: 'ci', person: 'ann', days: 0.5 }, 'usage'],
    ['more than a year', { name: 'ci', person: 'ann', days: 367 }, 'usage'],
    ['no number', { name: 'ci', person: 'ann', days: Number.NaN }, 'usage'],
    ['a role for what only uploads', { ...ING, role: 'read' }, 'usage'],
    ['an upload to anywhere', { ...ING, binding: null }, 'usage'],
    ['a source for what does not upload', { name: 'ci', person: 'ann', binding: NIGHTLY }, 'usage'],
    ['more than its person may', { name: 'ci', person: 'ann', role: 'administer' }, 'conflict'],
    ['an upload of who may only read', { ...ING, person: 'rea' }, 'conflict'],
    ['nobody', { name: 'ci', person: 'bob', days: 1 }, 'not_found'],
  ] as const)('%s', async (_name, request, code) => {
    await expect(createToken(inbox.ctx, { ...PAT, ...request })).rejects.toMatchObject({ code });
    expect(await listTokens(inbox.ctx)).toEqual([]);
  });
});
