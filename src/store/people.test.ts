import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#base/instant.ts';
import type { NewSession, SessionLimits } from '#domain/ports/people-store.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { START, StandingClock } from '../../test/support/test-inbox.ts';
import { organisationOf } from './organisation.ts';
import { PostgresPeopleStore } from './people.ts';

const SLOW = { idleMs: 12 * HOUR_MS, absoluteMs: 30 * DAY_MS };
const LIMITS: SessionLimits = {
  lifetime: { read: SLOW, triage: SLOW, administer: { idleMs: HOUR_MS, absoluteMs: 3 * HOUR_MS } },
  perPerson: 3,
};
const HOST = '127.0.0.1:7070';
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

const TOKEN = { kind: 'pat', lastFour: 'wxyz', role: null, binding: null, personId: ANN.id } as const;

async function trail(): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ line: string }>(
    "select actor || ' ' || verb || ' ' || subject as line from event order by at, id",
  );
  return rows.map((row) => row.line);
}

function signInBy(linkHash: Uint8Array, more: Partial<NewSession> = {}): NewSession {
  return {
    linkHash,
    host: HOST,
    firstName: 'admin',
    sessionHash: randomBytes(32),
    previousHash: null,
    ...more,
  };
}

async function signIn(personId: string = ANN.id): Promise<Uint8Array> {
  const link = randomBytes(32);
  const session = randomBytes(32);
  await people.addLink({ hash: link, personId, host: HOST, expiresAt: clock.now() + 30 * MINUTE_MS }, 'root');
  expect(await people.openSession(signInBy(link, { sessionHash: session }), LIMITS)).toMatchObject({
    id: personId,
  });
  return session;
}

async function addToken(id: string, expiresAt = START + DAY_MS): Promise<Uint8Array> {
  const hash = randomBytes(32);
  expect(await people.addToken({ ...TOKEN, hash, id, name: `token ${id}`, expiresAt }, 'root')).toBe(true);
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
    expect(await people.personOfSession(session, LIMITS)).toBe(null);
    expect(await people.holderOfToken(token)).toBe(null);
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
    expect(await others.personOfSession(session, LIMITS)).toBe(null);
    expect(await others.closeSession(session)).toBe(false);
    expect(await others.holderOfToken(token)).toBe(null);
    expect(await others.listTokens()).toEqual([]);
    expect(await others.revokeToken('t1', 'root')).toBe(false);
  });
});

describe('a first link', () => {
  const addFirst = async (personId: string) => {
    const hash = randomBytes(32);
    await people.addFirstLink({ hash, personId, host: HOST, expiresAt: START + 1 }, 'root');
    return hash;
  };

  test('makes one administrator and opens one session, however many links are used however often at once', async () => {
    const links = await Promise.all(['a', 'b', 'c', 'd'].map(addFirst));
    const uses = Array.from({ length: 100 }, (_, index) =>
      people.openSession(signInBy(links[index % 4] as Uint8Array), LIMITS),
    );
    const opened = (await Promise.all(uses)).filter((person) => person !== null);
    expect(opened).toMatchObject([{ name: 'admin', role: 'administer' }]);
    expect(await people.list()).toEqual(opened);
    const { rows } = await database.pool.query('select from session');
    expect(rows).toHaveLength(1);
    expect((await trail()).filter((line) => !line.includes('sign-in-link')).toSorted()).toEqual([
      `admin person-add person:${opened[0]?.id}`,
      `admin sign-in person:${opened[0]?.id}`,
    ]);
  });

  test('is worth nothing once there is an administrator, not even after they were removed', async () => {
    const [first, second] = [await addFirst('a'), await addFirst('b')];
    await people.add({ id: 'zoe-id', name: 'zoe', role: 'administer' }, 'root');
    expect(await people.openSession(signInBy(first), LIMITS)).toBe(null);
    await people.remove('zoe', 'root');
    expect(await people.openSession(signInBy(first), LIMITS)).toBe(null);
    expect(await people.openSession(signInBy(second), LIMITS)).toMatchObject({ id: 'b', name: 'admin' });
    const third = await addFirst('b');
    await people.remove('admin', 'root');
    expect(await people.openSession(signInBy(third), LIMITS)).toBe(null);
  });

  test('gives nobody more rights who has the name already', async () => {
    await people.add({ ...ANN, name: 'admin' }, 'root');
    expect(await people.openSession(signInBy(await addFirst('a')), LIMITS)).toBe(null);
    expect(await people.list()).toEqual([{ ...ANN, name: 'admin', createdAt: START }]);
  });

  test('takes over the row of somebody of that name who was removed', async () => {
    await people.add({ ...ANN, name: 'admin' }, 'root');
    await people.remove('admin', 'root');
    const person = await people.openSession(signInBy(await addFirst('a')), LIMITS);
    expect(person).toMatchObject({ id: ANN.id, name: 'admin', role: 'administer' });
  });
});

describe('a sign-in link', () => {
  beforeEach(async () => {
    await people.add(ANN, 'root');
  });

  test('opens one session, however many use it at once', async () => {
    const link = randomBytes(32);
    await people.addLink({ hash: link, personId: ANN.id, host: HOST, expiresAt: START + 1 }, 'root');
    const opened = await Promise.all(
      Array.from({ length: 100 }, () => people.openSession(signInBy(link), LIMITS)),
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
    await people.addLink({ hash: link, personId: ANN.id, host: HOST, expiresAt: START + 1_000 }, 'root');
    clock.set(START + later);
    expect((await people.openSession(signInBy(link), LIMITS)) !== null).toBe(isOpened);
  });

  test('opens nothing at another host, and is not used up by that', async () => {
    const link = randomBytes(32);
    await people.addLink({ hash: link, personId: ANN.id, host: HOST, expiresAt: START + 1 }, 'root');
    for (const host of ['localhost:7070', '127.0.0.1:7071', 'evil.example', ''])
      expect(await people.openSession(signInBy(link, { host }), LIMITS)).toBe(null);
    expect(await people.openSession(signInBy(link), LIMITS)).toMatchObject({ id: ANN.id });
  });

  test('of somebody who was removed opens nothing, and none is made', async () => {
    const link = randomBytes(32);
    await people.addLink({ hash: link, personId: ANN.id, host: HOST, expiresAt: START + 1_000 }, 'root');
    await people.remove('ann', 'root');
    expect(await people.openSession(signInBy(link), LIMITS)).toBe(null);
    expect(
      await people.addLink({ hash: link, personId: ANN.id, host: HOST, expiresAt: START + 1_000 }, 'root'),
    ).toBe(false);
  });

  test('that nobody made opens nothing', async () => {
    expect(await people.openSession(signInBy(randomBytes(32)), LIMITS)).toBe(null);
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
      expect(await people.personOfSession(session, LIMITS)).toMatchObject({ name: 'ann', role: 'triage' });
    }
    clock.set(START + 56 * HOUR_MS);
    expect(await people.personOfSession(session, LIMITS)).toBe(null);
  });

  test('ends with its age, however much it is used', async () => {
    const session = await signIn();
    for (let at = START; at < START + SLOW.absoluteMs; at += 10 * HOUR_MS) {
      clock.set(at);
      expect(await people.personOfSession(session, LIMITS)).not.toBe(null);
    }
    clock.set(START + SLOW.absoluteMs);
    expect(await people.personOfSession(session, LIMITS)).toBe(null);
  });

  test('ends when it is closed', async () => {
    const session = await signIn();
    expect(await people.closeSession(session)).toBe(true);
    expect(await people.closeSession(session)).toBe(false);
    expect(await people.personOfSession(session, LIMITS)).toBe(null);
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
    const found = await Promise.all(sessions.map((session) => people.personOfSession(session, LIMITS)));
    expect(found.map((person) => person !== null)).toEqual([false, true, true, true]);
  });

  test('ends when the role of its person changes, upwards or downwards', async () => {
    const session = await signIn();
    for (const [role, isThere] of [
      ['administer', false],
      ['read', false],
      ['triage', true],
    ] as const) {
      await database.pool.query('update person set role = $1', [role]);
      expect((await people.personOfSession(session, LIMITS)) !== null).toBe(isThere);
    }
  });

  test.each([
    ['at its last moment of idleness', 59 * MINUTE_MS, HOUR_MS - 1, true],
    ['after it', 59 * MINUTE_MS, HOUR_MS, false],
    ['at its last moment in any case', 30 * MINUTE_MS, 3 * HOUR_MS - 1, true],
    ['after it, however much it was used', 30 * MINUTE_MS, 3 * HOUR_MS, false],
  ])('of an administrator is shorter: %s', async (_name, step, end, isThere) => {
    await people.add({ id: 'bob-id', name: 'bob', role: 'administer' }, 'root');
    const session = await signIn('bob-id');
    for (let later = step; later <= end - step; later += step) {
      clock.set(START + later);
      expect(await people.personOfSession(session, LIMITS)).not.toBe(null);
    }
    clock.set(START + end);
    expect((await people.personOfSession(session, LIMITS)) !== null).toBe(isThere);
  });

  test('ends where its browser signs in anew', async () => {
    const before = await signIn();
    const other = await signIn();
    const link = randomBytes(32);
    await people.addLink({ hash: link, personId: ANN.id, host: HOST, expiresAt: START + 1 }, 'root');
    const session = randomBytes(32);
    await people.openSession(signInBy(link, { sessionHash: session, previousHash: before }), LIMITS);
    const found = [before, other, session].map((each) => people.personOfSession(each, LIMITS));
    expect((await Promise.all(found)).map((person) => person !== null)).toEqual([false, true, true]);
  });
});

describe('a token', () => {
  beforeEach(async () => {
    await people.add(ANN, 'root');
  });

  test('is its person until it expires', async () => {
    const token = await addToken('t1', START + DAY_MS);
    clock.set(START + DAY_MS - 1);
    expect(await people.holderOfToken(token)).toMatchObject({ person: { name: 'ann' } });
    clock.set(START + DAY_MS);
    expect(await people.holderOfToken(token)).toBe(null);
  });

  test('is listed with its last use, to the hour, until it is revoked', async () => {
    const token = await addToken('t1', START + DAY_MS);
    const view = {
      id: 't1',
      kind: 'pat',
      name: 'token t1',
      lastFour: 'wxyz',
      person: 'ann',
      role: null,
      binding: null,
      createdAt: START,
      expiresAt: START + DAY_MS,
    };
    expect(await people.listTokens()).toEqual([{ ...view, lastUsedAt: null }]);
    for (const minutes of [1, 30, 60]) {
      clock.set(START + minutes * MINUTE_MS);
      await people.holderOfToken(token);
    }
    expect(await people.listTokens()).toEqual([{ ...view, lastUsedAt: START + MINUTE_MS }]);
    clock.set(START + 61 * MINUTE_MS);
    await people.holderOfToken(token);
    expect(await people.listTokens()).toEqual([{ ...view, lastUsedAt: START + 61 * MINUTE_MS }]);
    expect(await people.revokeToken('t1', 'bob')).toBe(true);
    expect(await people.revokeToken('t1', 'bob')).toBe(false);
    expect(await people.holderOfToken(token)).toBe(null);
    expect(await people.listTokens()).toEqual([]);
    expect((await trail()).filter((line) => line.includes('token'))).toEqual([
      'root token-create token:t1',
      'bob token-revoke token:t1',
    ]);
  });

  test('says what it may do at most', async () => {
    const binding = { source: 'nightly', scope: { cluster: 'shop' } };
    const rights = [
      { ...TOKEN, id: 't1', role: 'read' },
      { ...TOKEN, id: 't2', kind: 'ing', binding },
    ] as const;
    for (const each of rights) {
      const hash = randomBytes(32);
      await people.addToken({ ...each, hash, name: 'ci', expiresAt: START + 1 }, 'root');
      const { role, kind } = each;
      expect(await people.holderOfToken(hash)).toMatchObject({ role, binding: each.binding });
      expect(await people.listTokens()).toContainEqual(
        expect.objectContaining({ kind, role, binding: each.binding }),
      );
    }
  });

  test('of somebody who was removed is nobody, and none is made', async () => {
    const token = await addToken('t1');
    await people.remove('ann', 'root');
    expect(await people.holderOfToken(token)).toBe(null);
    expect(
      await people.addToken(
        { ...TOKEN, hash: randomBytes(32), id: 't2', name: 't2', expiresAt: START + DAY_MS },
        'root',
      ),
    ).toBe(false);
  });
});
