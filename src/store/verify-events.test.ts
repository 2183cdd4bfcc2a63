import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { inTransaction } from './database.ts';
import { recordEvent, recordEvents } from './events.ts';
import { forgetEvents } from './forget-events.ts';
import { organisationOf } from './organisation.ts';
import { verifyEvents } from './verify-events.ts';

const DAY = 24 * 60 * 60 * 1000;
const START = Date.UTC(2026, 0, 1);
const organisation = organisationOf(1n);
const { shard } = organisation;
const key = Buffer.alloc(32, 1);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const event = (day: number, more: object = {}) => ({
  at: START + day * DAY,
  actor: 'ann',
  verb: 'mute',
  subject: `issue:${day}`,
  details: { day, z: 1.25, a: { y: ['ü', null], x: true } },
  ...more,
});
const verify = () => verifyEvents(database.pool, organisation, key);
const change = (sql: string) => database.pool.query(sql);
const forget = (day: number, limit = 100) =>
  inTransaction(database.pool, (connection) =>
    forgetEvents(connection, organisation, START + 900 * DAY, START + day * DAY, limit, key),
  );

beforeEach(async () => {
  await change('delete from event; delete from event_chain; delete from event_anchor; delete from outbox');
  await inTransaction(database.pool, async (connection) =>
    recordEvents(
      connection,
      shard,
      [1, 2, 3, 4, 5, 6].map((day) => event(day)),
    ),
  );
});

describe('the chain of the audit trail', () => {
  test('is whole after what was recorded, however its details are stored', async () => {
    expect(await verify()).toEqual({ checked: 6, forgotten: 0, unchained: 0, broken: null });
  });

  test('is one chain though many write at once, and holds nothing of what was rolled back', async () => {
    const writers = Array.from({ length: 24 }, (_, index) =>
      inTransaction(database.pool, async (connection) => {
        recordEvent(connection, shard, event(10 + index));
        if (index % 4 === 0) throw new Error('taken back');
        recordEvent(connection, shard, event(10 + index, { verb: 'assign' }));
      }),
    );
    await Promise.allSettled(writers);
    expect(await verify()).toMatchObject({ checked: 6 + 18 * 2, broken: null });
  });

  test('leaves those that are older than it beside it', async () => {
    await change(
      `insert into event select shard, '0' || id, at - interval '1 day', actor, verb, subject, details, null, null from event where seq < 3`,
    );
    expect(await verify()).toEqual({ checked: 6, forgotten: 0, unchained: 2, broken: null });
  });

  test.each<[string, string, string]>([
    [
      'what it says is changed',
      `update event set details = '{"day": 3}' where seq = 3`,
      'Event 3 does not say',
    ],
    ['who did it is changed', `update event set actor = 'bob' where seq = 2`, 'Event 2 does not say'],
    ['when is changed', `update event set at = at + interval '1 ms' where seq = 6`, 'Event 6 does not say'],
    ['what was done is changed', `update event set verb = 'due' where seq = 1`, 'Event 1 does not say'],
    [
      'one is gone',
      'delete from event where seq = 4',
      'Event 4 is missing; the next one is "mute" of issue:5',
    ],
    ['the first is gone', 'delete from event where seq = 1', 'Event 1 is missing'],
    [
      'the newest are gone',
      'delete from event where seq > 4',
      'The events from 5 to 6, the newest, are missing',
    ],
    [
      'the newest are gone and the head with them',
      'delete from event where seq > 4; update event_chain set length = 4',
      'The newest event is not the one',
    ],
    [
      'two change places',
      'update event set seq = -seq where seq in (2, 3); update event set seq = 5 + seq where seq < 0',
      'Event 2 does not say',
    ],
    [
      'one is put in',
      `insert into event select shard, 'zzz', at, actor, verb, 'issue:7', details, 7, digest from event where seq = 6; update event_chain set length = 7`,
      'Event 7 does not say',
    ],
    [
      'one is put in between, and all behind it move on',
      `update event set seq = -seq where seq > 3; update event set seq = 1 - seq where seq < 0;
       insert into event select shard, id || 'x', at, actor, verb, 'issue:7', details, 4, digest from event where seq = 3; update event_chain set length = 7`,
      'Event 4 does not say',
    ],
    [
      'one is put in beside it',
      `insert into event select shard, id || 'x', at, 'eve', verb, 'issue:7', details, null, null from event where seq = 3`,
      'An event stands beside the chain that was never recorded: "mute" of issue:7 by eve',
    ],
  ])('is broken where %s', async (_, sql, told) => {
    await change(sql);
    expect((await verify()).broken).toContain(told);
  });
});

describe('events that are kept no longer', () => {
  test('leave anchors, which grow together, and the chain holds', async () => {
    expect(await forget(3)).toBe(2);
    expect(await verify()).toEqual({ checked: 4, forgotten: 2, unchained: 0, broken: null });
    expect(await forget(5, 1)).toBe(1);
    expect(await forget(6)).toBe(2);
    expect(await verify()).toEqual({ checked: 1, forgotten: 5, unchained: 0, broken: null });
    expect((await change('select from event_anchor')).rowCount).toBe(1);
    expect(await forget(99)).toBe(1);
    expect(await verify()).toEqual({ checked: 0, forgotten: 6, unchained: 0, broken: null });
  });

  test('stay where they are about an issue that is not resolved, and go with it', async () => {
    await change(`update event set verb = 'comment' where seq = 2`).then(() => change('delete from event'));
    await change('delete from event_chain');
    await inTransaction(database.pool, async (connection) =>
      recordEvents(connection, shard, [event(1), event(2, { verb: 'comment' }), event(3)]),
    );
    await change(
      `insert into issue (shard, id, key, type, title, severity, score, risks_yes, risks_unknown, risk_count, resources, services, impact, rank, is_admitted, admitted_by, held_back_by, is_muted, status, open_findings, first_seen)
       values (${shard}, '2', '2', 'secret', '', 1, 1, 0, 0, 0, 0, 0, 0, 0, true, '{}', '{}', false, 'snoozed', 1, now())`,
    );
    expect(await forget(99)).toBe(2);
    expect(await verify()).toMatchObject({ checked: 1, forgotten: 2, broken: null });
    expect((await change('select from event_anchor')).rowCount).toBe(2);
    await change(`update issue set status = 'resolved'`);
    expect(await forget(99)).toBe(1);
    expect(await verify()).toMatchObject({ checked: 0, forgotten: 3, broken: null });
    expect((await change('select from event_anchor')).rowCount).toBe(1);
    await change('delete from issue');
  });

  test.each<[string, string]>([
    [
      'one more is gone than was signed for',
      'delete from event where seq = 3; update event_anchor set to_seq = 3',
    ],
    ['an anchor was signed by nobody', `update event_anchor set signature = decode(repeat('00', 32), 'hex')`],
    ['an anchor says another end', 'update event_anchor set digest = digest_before'],
  ])('are told from those that somebody deleted: %s', async (_, sql) => {
    await forget(3);
    await change(sql);
    expect((await verify()).broken).toMatch(/^The events 1 to \d were deleted, and not by this/);
  });
});
