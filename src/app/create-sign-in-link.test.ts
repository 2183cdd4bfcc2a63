import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE_MS } from '#base/instant.ts';
import { openTestInbox, START, type TestInbox } from '../../test/support/test-inbox.ts';
import { addPerson } from './add-person.ts';
import { createSignInLink } from './create-sign-in-link.ts';
import { openSession } from './open-session.ts';
import { removePerson } from './remove-person.ts';

let inbox: TestInbox;

beforeEach(async () => {
  inbox = await openTestInbox();
});

afterEach(() => inbox.close());

test('a link has 32 random bytes and lives for a quarter of an hour', async () => {
  const links = [
    await createSignInLink(inbox.ctx, { name: null }),
    await createSignInLink(inbox.ctx, { name: null }),
  ];
  for (const { secret, expiresAt } of links) {
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(expiresAt).toBe(START + 15 * MINUTE_MS);
  }
  expect(links[0]?.secret).not.toBe(links[1]?.secret);
});

test('no secret is kept', async () => {
  const { secret } = await createSignInLink(inbox.ctx, { name: null });
  const opened = await openSession(inbox.ctx, { link: secret });
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

describe('without a name it is for', () => {
  test('admin, who is made once on a fresh installation, by however many at once', async () => {
    const links = await Promise.all(
      Array.from({ length: 10 }, () => createSignInLink(inbox.ctx, { name: null })),
    );
    expect(new Set(links.map((link) => link.person.id)).size).toBe(1);
    expect(await inbox.ctx.people.list()).toMatchObject([{ name: 'admin', role: 'administer' }]);
  });

  test('the oldest administrator, whoever that is', async () => {
    await addPerson(inbox.ctx, { name: 'ann', role: 'triage' });
    await addPerson(inbox.ctx, { name: 'zoe', role: 'administer' });
    expect((await createSignInLink(inbox.ctx, { name: null })).person.name).toBe('zoe');
    await removePerson(inbox.ctx, { name: 'zoe' });
    expect((await createSignInLink(inbox.ctx, { name: null })).person.name).toBe('admin');
  });

  test('nobody where admin is somebody with a smaller role: their rights never grow by themselves', async () => {
    await addPerson(inbox.ctx, { name: 'admin', role: 'read' });
    await expect(createSignInLink(inbox.ctx, { name: null })).rejects.toMatchObject({ code: 'conflict' });
    expect(await inbox.ctx.people.list()).toMatchObject([{ name: 'admin', role: 'read' }]);
  });
});

test('for somebody who is not there it is refused', async () => {
  await expect(createSignInLink(inbox.ctx, { name: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
});
