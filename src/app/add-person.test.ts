import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestInbox, type TestInbox } from '../../test/support/test-inbox.ts';
import { addPerson } from './add-person.ts';
import { createSignInLink } from './create-sign-in-link.ts';
import { createToken } from './create-token.ts';
import { listPeople } from './list-people.ts';
import { listTokens } from './list-tokens.ts';
import { removePerson } from './remove-person.ts';
import { revokeToken } from './revoke-token.ts';

let inbox: TestInbox;

beforeAll(async () => {
  inbox = await openTestInbox();
});

afterAll(() => inbox.close());

describe('a name', () => {
  test.each([
    ['ann', 'ann'],
    ['  bob  ', 'bob'],
    ['Zoë O’Hara'.replace('’', "'"), "Zoë O'Hara"],
    ['Zoe\u0308', 'Zoë'],
    ['李 雷', '李 雷'],
    ['dev+ci@example.com', 'dev+ci@example.com'],
  ])('%j is kept as %j', async (name, kept) => {
    expect(await addPerson(inbox.ctx, { name, role: 'read' })).toMatchObject({ name: kept, role: 'read' });
    await removePerson(inbox.ctx, { name });
  });

  test.each(['', ' ', '-x', 'a\nb', 'a\u202eb', 'a\u0000', '<b>', "'; drop table person", 'a'.repeat(101)])(
    '%j is none',
    async (name) => {
      await expect(addPerson(inbox.ctx, { name, role: 'read' })).rejects.toMatchObject({ code: 'usage' });
    },
  );

  test('that is taken is refused, in any spelling of it', async () => {
    await addPerson(inbox.ctx, { name: 'Zoë', role: 'read' });
    await expect(addPerson(inbox.ctx, { name: 'Zoe\u0308', role: 'administer' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(
      (await createSignInLink(inbox.ctx, { name: 'Zoe\u0308', address: 'http://127.0.0.1:7070' })).name,
    ).toBe('Zoë');
  });

  test('that nobody has cannot be removed', async () => {
    await expect(removePerson(inbox.ctx, { name: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('people and tokens', () => {
  const verbs = [
    ['add a person', (ctx: TestInbox['ctx']) => addPerson(ctx, { name: 'x', role: 'read' })],
    ['list people', (ctx: TestInbox['ctx']) => listPeople(ctx)],
    ['remove a person', (ctx: TestInbox['ctx']) => removePerson(ctx, { name: 'x' })],
    [
      'make a sign-in link',
      (ctx: TestInbox['ctx']) => createSignInLink(ctx, { name: null, address: 'http://127.0.0.1:7070' }),
    ],
    [
      'make a token',
      (ctx: TestInbox['ctx']) =>
        createToken(ctx, { kind: 'pat', name: 'x', person: null, days: 1, role: null, binding: null }),
    ],
    ['list tokens', (ctx: TestInbox['ctx']) => listTokens(ctx)],
    ['revoke a token', (ctx: TestInbox['ctx']) => revokeToken(ctx, { id: 'x' })],
  ] as const;

  test.each(verbs)('are for administrators: %s', async (_name, verb) => {
    for (const role of ['read', 'triage'] as const) {
      await expect(verb({ ...inbox.ctx, actor: { name: 'eve', role } })).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
  });
});
