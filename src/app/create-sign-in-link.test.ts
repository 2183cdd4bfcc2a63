import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE_MS } from '#base/instant.ts';
import { openTestInbox, START, type TestInbox } from '../../test/support/test-inbox.ts';
import { addPerson } from './add-person.ts';
import { createSignInLink } from './create-sign-in-link.ts';
import { createToken } from './create-token.ts';
import { openSession } from './open-session.ts';
import { removePerson } from './remove-person.ts';

const ADDRESS = 'http://127.0.0.1:7070';

let inbox: TestInbox;

beforeEach(async () => {
  inbox = await openTestInbox();
});

afterEach(() => inbox.close());

test('a link has 32 random bytes and lives for half an hour', async () => {
  const links = [
    await createSignInLink(inbox.ctx, { name: null, address: ADDRESS }),
    await createSignInLink(inbox.ctx, { name: null, address: ADDRESS }),
  ];
  for (const { secret, expiresAt } of links) {
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(expiresAt).toBe(START + 30 * MINUTE_MS);
  }
  expect(links[0]?.secret).not.toBe(links[1]?.secret);
});

test('no secret is kept', async () => {
  const { secret } = await createSignInLink(inbox.ctx, { name: null, address: ADDRESS });
  const opened = await openSession(inbox.ctx, { link: secret, host: '127.0.0.1:7070', previous: null });
  const { rows } = await inbox.database.pool.query<{ text: string }>(
    "select concat(l::text, s::text, e::text, encode(l.hash, 'escape'), encode(s.hash, 'escape')) as text from sign_in_link l, session s, event e",
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const { text } of rows) {
    for (const each of [secret, opened.secret]) {
      expect(text).not.toContain(each);
      expect(text).not.toContain(Buffer.from(each, 'base64url').toString('hex'));
    }
  }
});

test.each([
  ['http://127.0.0.1:7070', '127.0.0.1:7070', true],
  ['http://127.0.0.1:7070', 'localhost:7070', false],
  ['http://127.0.0.1:7070', '127.0.0.1', false],
  ['https://inbox.example.com', 'Inbox.Example.com', true],
  ['https://inbox.example.com', 'inbox.example.com:8443', false],
  ['http://[::1]:7070', '[::1]:7070', true],
])('a link to %s opened at %s: %s', async (address, host, isOpened) => {
  const { secret } = await createSignInLink(inbox.ctx, { name: null, address });
  const opening = openSession(inbox.ctx, { link: secret, host, previous: null });
  if (isOpened) expect((await opening).person.name).toBe('admin');
  else await expect(opening).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('an administrator is signed in for half a day, others for a week', async () => {
  await addPerson(inbox.ctx, { name: 'ann', role: 'triage' });
  await addPerson(inbox.ctx, { name: 'bob', role: 'administer' });
  for (const [name, hours] of [
    ['ann', 7 * 24],
    ['bob', 12],
  ] as const) {
    const { secret } = await createSignInLink(inbox.ctx, { name, address: ADDRESS });
    const opened = await openSession(inbox.ctx, { link: secret, host: '127.0.0.1:7070', previous: null });
    expect(opened.lifetimeMs).toBe(hours * 60 * MINUTE_MS);
  }
});

describe('without a name it is for', () => {
  test('whoever uses it first on a fresh installation, where nobody is there before', async () => {
    const link = () => createSignInLink(inbox.ctx, { name: null, address: ADDRESS });
    const [first, second] = [await link(), await link()];
    expect(first).toMatchObject({ name: 'admin', isFirst: true });
    expect(await inbox.ctx.people.list()).toEqual([]);
    const open = ({ secret }: { readonly secret: string }) =>
      openSession(inbox.ctx, { link: secret, host: '127.0.0.1:7070', previous: null });
    expect((await open(second)).person).toMatchObject({ name: 'admin', role: 'administer' });
    await expect(open(first)).rejects.toMatchObject({ code: 'unauthenticated' });
    const third = await link();
    expect(third).toMatchObject({ name: 'admin', isFirst: false });
    expect((await open(third)).person.name).toBe('admin');
    expect(await inbox.ctx.people.list()).toMatchObject([{ name: 'admin', role: 'administer' }]);
  });

  test('the administrator whom a token has made meanwhile', async () => {
    const { secret } = await createSignInLink(inbox.ctx, { name: null, address: ADDRESS });
    const token = { kind: 'pat', name: 'ci', person: null, days: null, role: null, binding: null } as const;
    expect((await createToken(inbox.ctx, token)).person).toBe('admin');
    const opened = await openSession(inbox.ctx, { link: secret, host: '127.0.0.1:7070', previous: null });
    expect(opened.person).toMatchObject({ name: 'admin', role: 'administer' });
    expect(await inbox.ctx.people.list()).toMatchObject([{ name: 'admin', role: 'administer' }]);
  });

  test('the oldest administrator, whoever that is', async () => {
    await addPerson(inbox.ctx, { name: 'ann', role: 'triage' });
    await addPerson(inbox.ctx, { name: 'zoe', role: 'administer' });
    expect((await createSignInLink(inbox.ctx, { name: null, address: ADDRESS })).name).toBe('zoe');
    await removePerson(inbox.ctx, { name: 'zoe' });
    expect(await createSignInLink(inbox.ctx, { name: null, address: ADDRESS })).toMatchObject({
      name: 'admin',
      isFirst: true,
    });
  });

  test('nobody where admin is somebody with a smaller role: their rights never grow by themselves', async () => {
    await addPerson(inbox.ctx, { name: 'admin', role: 'read' });
    await expect(createSignInLink(inbox.ctx, { name: null, address: ADDRESS })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await inbox.ctx.people.list()).toMatchObject([{ name: 'admin', role: 'read' }]);
  });
});

test('for somebody who is not there it is refused', async () => {
  await expect(createSignInLink(inbox.ctx, { name: 'nobody', address: ADDRESS })).rejects.toMatchObject({
    code: 'not_found',
  });
});
