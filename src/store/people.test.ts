import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#base/instant.ts';
import type { SessionLifetime } from '#domain/ports/people-store.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { START, StandingClock } from '../../test/support/test-inbox.ts';
import { organisationOf } from './organisation.ts';
import { PostgresPeopleStore } from './people.ts';

const LIFETIME: SessionLifetime = { idleMs: 12 * HOUR_MS, absoluteMs: 30 * DAY_MS, perPerson: 3 };
const ANN = { id: 'ann-id', name: 'ann', role: 'triage' } as const;

let database: TestDatabase;
let clock: StandingClock;
let people: PostgresPeopleStore;

beforeEach(async () => {
  database = await createTestDatabase();
  clock = new StandingClock(START);
  people = new PostgresPeopleStore(database.pool, organisationOf(1n), clock);
});

afterEach(() => database.drop());

async function trail(): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ line: string }>(
    "select actor || ' ' || verb || ' ' || subject as line from event order by at, id",
  );
  return rows.map((row) => row.line);
}

async function signIn(personId = ANN.id): Promise<Uint8Array> {
  const link = randomBytes(32);
  const session = randomBytes(32);
  await people.addLink({ hash: link, personId, expiresAt: clock.now() + 15 * MINUTE_MS }, 'root');
  expect(await people.openSession(link, session, LIFETIME)).toMatchObject({ id: personId });
  return session;
}

async function addToken(id: string, expiresAt: number | null = null): Promise<Uint8Array> {
  const hash = randomBytes(32);
  expect(await people.addToken({ hash, id, name: `token ${id}`, personId: ANN.id, expiresAt }, 'root')).toBe(
    true,
  );
  return hash;
}

describe('people', () => {
  test('are added, listed by name and removed, each with a line in the trail', async () => {
    const bob = await people.add({ id: 'bob-id', name: 'bob', role: 'administer' }, 'root');
    await people.add(ANN, 'root');
    expect(bob).toEqual({ id: 'bob-id', name: 'bob', role: 'administer', createdAt: START });
    expect((await people.list()).map((person) => person.name)).toEqual(['ann', 'bob']);
    expect(await people.remove('bob', 'ann')).toBe(true);
    expect(await people.remove('bob', 'ann')).toBe(false);
    expect(await people.list()).toEqual([{ ...ANN, createdAt: START }]);
    expect(await people.byName('bob')).toBe(null);
    expect((await trail()).toSorted()).toEqual([
      'ann person-remove person:bob-id',
      'root person-add person:ann-id',
      'root person-add person:bob-id',
    ]);
  });

  test('of one name there is one, also when many add it at once', async () => {
    const added = await Promise.all(
      Array.from({ length: 10 }, (_, index) => people.add({ ...ANN, id: `id-${index}` }, 'root')),
    );
    expect(added.filter((person) => person !== null)).toHaveLength(1);
    expect(await trail()).toHaveLength(1);
  });

  test('who come back get their new role, and none of their old sessions and tokens', async () => {
    await people.add(ANN, 'root');
    const session = await signIn();
    const token = await addToken('t1');
    await people.remove('ann', 'root');
    expect(await people.add({ ...ANN, id: 'other-id', role: 'read' }, 'root')).toMatchObject({
      id: ANN.id,
      role: 'read',
    });
    expect(await people.personOfSession(session, LIFETIME)).toBe(null);
    expect(await people.personOfToken(token)).toBe(null);
  });

  test('the oldest administrator is one who is there', async () => {
    expect(await people.oldestAdministrator()).toBe(null);
    await people.add(ANN, 'root');
    await people.add({ id: '1', name: 'zoe', role: 'administer' }, 'root');
    clock.set(START + 1);
    await people.add({ id: '0', name: 'bob', role: 'administer' }, 'root');
    expect(await people.oldestAdministrator()).toMatchObject({ name: 'zoe' });
    await people.remove('zoe', 'root');
    expect(await people.oldestAdministrator()).toMatchObject({ name: 'bob' });
  });

  test('of another organisation are not there', async () => {
    await people.add(ANN, 'root');
    const session = await signIn();
    const token = await addToken('t1');
    await database.pool.query("insert into organisation (id, name) values (2, 'other')");
    const others = new PostgresPeopleStore(database.pool, organisationOf(2n), clock);
    expect(await others.list()).toEqual([]);
    expect(await others.personOfSession(session, LIFETIME)).toBe(null);
    expect(await others.closeSession(session)).toBe(false);
    expect(await others.personOfToken(token)).toBe(null);
    expect(await others.listTokens()).toEqual([]);
    expect(await others.revokeToken('t1', 'root')).toBe(false);
  });
});

describe('a sign-in link', () => {
  beforeEach(async () => {
    await people.add(ANN, 'root');
  });

  test('opens one session, however many use it at once', async () => {
    const link = randomBytes(32);
    await people.addLink({ hash: link, personId: ANN.id, expiresAt: START + 1 }, 'root');
    const opened = await Promise.all(
      Array.from({ length: 20 }, () => people.openSession(link, randomBytes(32), LIFETIME)),
    );
    expect(opened.filter((person) => person !== null)).toEqual([{ ...ANN, createdAt: START }]);
    const { rows } = await database.pool.query('select from session');
    expect(rows).toHaveLength(1);
    expect((await trail()).filter((line) => line.includes('sign-in '))).toEqual([
      'ann sign-in person:ann-id',
    ]);
  });

  test.each([
    ['at its last moment', 999, true],
    ['when its time is over', 1_000, false],
  ])('%s', async (_name, later, isOpened) => {
    const link = randomBytes(32);
    await people.addLink({ hash: link, personId: ANN.id, expiresAt: START + 1_000 }, 'root');
    clock.set(START + later);
    expect((await people.openSession(link, randomBytes(32), LIFETIME)) !== null).toBe(isOpened);
  });

  test('of somebody who was removed opens nothing, and none is made', async () => {
    const link = randomBytes(32);
    await people.addLink({ hash: link, personId: ANN.id, expiresAt: START + 1_000 }, 'root');
    await people.remove('ann', 'root');
    expect(await people.openSession(link, randomBytes(32), LIFETIME)).toBe(null);
    expect(await people.addLink({ hash: link, personId: ANN.id, expiresAt: START + 1_000 }, 'root')).toBe(
      false,
    );
  });

  test('that nobody made opens nothing', async () => {
    expect(await people.openSession(randomBytes(32), randomBytes(32), LIFETIME)).toBe(null);
  });
});

describe('a session', () => {
  beforeEach(async () => {
    await people.add(ANN, 'root');
  });

  test('lives on while it is used, and ends with idleness', async () => {
    const session = await signIn();
    for (let hours = 11; hours <= 44; hours += 11) {
      clock.set(START + hours * HOUR_MS);
      expect(await people.personOfSession(session, LIFETIME)).toMatchObject({ name: 'ann', role: 'triage' });
    }
    clock.set(START + 56 * HOUR_MS);
    expect(await people.personOfSession(session, LIFETIME)).toBe(null);
  });

  test('ends with its age, however much it is used', async () => {
    const session = await signIn();
    for (let at = START; at < START + LIFETIME.absoluteMs; at += 10 * HOUR_MS) {
      clock.set(at);
      expect(await people.personOfSession(session, LIFETIME)).not.toBe(null);
    }
    clock.set(START + LIFETIME.absoluteMs);
    expect(await people.personOfSession(session, LIFETIME)).toBe(null);
  });

  test('ends when it is closed', async () => {
    const session = await signIn();
    expect(await people.closeSession(session)).toBe(true);
    expect(await people.closeSession(session)).toBe(false);
    expect(await people.personOfSession(session, LIFETIME)).toBe(null);
    expect((await trail()).filter((line) => line.includes('sign-out'))).toEqual([
      'ann sign-out person:ann-id',
    ]);
  });

  test('is the oldest that ends when one has too many', async () => {
    const sessions: Uint8Array[] = [];
    for (let each = 0; each < 4; each += 1) {
      clock.set(START + each);
      sessions.push(await signIn());
    }
    const found = await Promise.all(sessions.map((session) => people.personOfSession(session, LIFETIME)));
    expect(found.map((person) => person !== null)).toEqual([false, true, true, true]);
  });

  test('has the role that its person has now', async () => {
    const session = await signIn();
    await database.pool.query("update person set role = 'read'");
    expect(await people.personOfSession(session, LIFETIME)).toMatchObject({ role: 'read' });
  });
});

describe('a token', () => {
  beforeEach(async () => {
    await people.add(ANN, 'root');
  });

  test('is its person until it expires', async () => {
    const token = await addToken('t1', START + DAY_MS);
    clock.set(START + DAY_MS - 1);
    expect(await people.personOfToken(token)).toMatchObject({ name: 'ann' });
    clock.set(START + DAY_MS);
    expect(await people.personOfToken(token)).toBe(null);
  });

  test('is listed with its last use, to the hour, until it is revoked', async () => {
    const token = await addToken('t1', START + DAY_MS);
    const view = { id: 't1', name: 'token t1', person: 'ann', createdAt: START, expiresAt: START + DAY_MS };
    expect(await people.listTokens()).toEqual([{ ...view, lastUsedAt: null }]);
    for (const minutes of [1, 30, 60]) {
      clock.set(START + minutes * MINUTE_MS);
      await people.personOfToken(token);
    }
    expect(await people.listTokens()).toEqual([{ ...view, lastUsedAt: START + MINUTE_MS }]);
    clock.set(START + 61 * MINUTE_MS);
    await people.personOfToken(token);
    expect(await people.listTokens()).toEqual([{ ...view, lastUsedAt: START + 61 * MINUTE_MS }]);
    expect(await people.revokeToken('t1', 'bob')).toBe(true);
    expect(await people.revokeToken('t1', 'bob')).toBe(false);
    expect(await people.personOfToken(token)).toBe(null);
    expect(await people.listTokens()).toEqual([]);
    expect((await trail()).filter((line) => line.includes('token'))).toEqual([
      'root token-create token:t1',
      'bob token-revoke token:t1',
    ]);
  });

  test('of somebody who was removed is nobody, and none is made', async () => {
    const token = await addToken('t1');
    await people.remove('ann', 'root');
    expect(await people.personOfToken(token)).toBe(null);
    expect(
      await people.addToken(
        { hash: randomBytes(32), id: 't2', name: 't2', personId: ANN.id, expiresAt: null },
        'root',
      ),
    ).toBe(false);
  });
});
