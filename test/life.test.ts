import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listHistory } from '../src/app/list-history.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { presentHistory } from '../src/contract/from-domain/present-history.ts';
import { PostgresInboxStore } from '../src/store/inbox.ts';
import { organisationOf } from '../src/store/organisation.ts';
import { flaw, importOnDay, on, SHOP, shop } from './support/days.ts';
import { SHOP_CLUSTER, shopCluster } from './support/shop-cluster.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { act, muteIssue } from './support/triage.ts';
import { imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
  await importOnDay(inbox, 0, shop(0, 'a', [flaw('CVE-2026-1', { severity: 'MEDIUM' })]));
});
afterEach(() => inbox.close());

const SHOP_2 = 'registry.example.com/shop-two:1.0';
const issue = async () => {
  const { pool } = inbox.database;
  const { rows } = await pool.query<{
    id: string;
    status: string;
    regressed_at: number | null;
    snoozed_until: number | null;
  }>("select id, status, regressed_at, snoozed_until from issue where advisory = 'CVE-2026-1'");
  if (rows[0] === undefined) throw new Error('the issue is gone');
  return rows[0];
};
const told = async () => {
  const { items } = presentHistory(await listHistory(inbox.ctx, await issue()));
  return items.filter(({ by }) => by !== 'reports').map(({ by, sentence }) => `${by} ${sentence}`);
};
const listed = async () => (await inbox.list()).map(({ status }) => status);
const sweepOn = async (day: number) => {
  inbox.clock.set(on(day));
  return sweepIssues(inbox.ctx);
};

describe('in progress', () => {
  test('is listed, and goes on until it is stopped', async () => {
    await act(inbox.ctx, (await issue()).id, { do: 'start' });
    expect(await listed()).toEqual(['in_progress']);
    await importOnDay(inbox, 1, shop(1, 'a', [flaw('CVE-2026-1', { severity: 'HIGH' })]));
    expect(await listed()).toEqual(['in_progress']);
    await act(inbox.ctx, (await issue()).id, { do: 'stop' });
    expect(await listed()).toEqual(['open']);
    expect(await told()).toEqual(['tester works on it no longer', 'tester began to work on it']);
  });

  test('ends when the finding is fixed: one that is back is open, and says since when', async () => {
    await act(inbox.ctx, (await issue()).id, { do: 'start' });
    await importOnDay(inbox, 1, shop(1, 'a', []));
    expect(await issue()).toMatchObject({ status: 'resolved', regressed_at: null });
    await importOnDay(inbox, 2, shop(2, 'a', [flaw('CVE-2026-1', { severity: 'MEDIUM' })]));
    expect(await issue()).toMatchObject({ status: 'open', regressed_at: on(2) });
    await act(inbox.ctx, (await issue()).id, { do: 'start' });
    expect(await issue()).toMatchObject({ status: 'in_progress', regressed_at: on(2) });
  });
});

describe('snoozed', () => {
  const snooze = async (until: number | null, untilWorse = false) =>
    act(inbox.ctx, (await issue()).id, {
      do: 'snooze',
      until: until === null ? null : on(until),
      untilWorse,
    });

  test('until a date is out of sight whatever happens, and wakes at its instant, once', async () => {
    await snooze(5);
    expect(await listed()).toEqual([]);
    expect(await issue()).toMatchObject({ status: 'snoozed', snoozed_until: on(5) });
    await importOnDay(inbox, 1, shop(1, 'a', [flaw('CVE-2026-1', { severity: 'CRITICAL' })]));
    await importOnDay(inbox, 1, shop(1, 'b', [flaw('CVE-2026-1', { severity: 'MEDIUM' })], SHOP_2));
    expect(await listed()).toEqual([]);
    inbox.clock.set(on(5) - 1);
    await sweepIssues(inbox.ctx);
    expect(await listed()).toEqual([]);
    await sweepOn(5);
    await sweepOn(5);
    expect(await issue()).toMatchObject({ status: 'open', snoozed_until: null });
    expect(await told()).toEqual([
      'security-inbox woke it because it was snoozed until 2026-10-06T12:00:00.000Z',
      'tester snoozed it until 2026-10-06',
    ]);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    [
      'a higher severity',
      () => importOnDay(inbox, 1, shop(1, 'a', [flaw('CVE-2026-1', { severity: 'CRITICAL' })])),
      'its severity is critical, it was medium',
    ],
    [
      'a new resource',
      () => importOnDay(inbox, 1, shop(1, 'b', [flaw('CVE-2026-1', { severity: 'MEDIUM' })], SHOP_2)),
      'it is on 2 resources, it was on 1',
    ],
  ])('until it gets worse wakes at %s, and stays awake', async (_, change, reason) => {
    await snooze(null, true);
    await importOnDay(
      inbox,
      1,
      shop(1, 'a', [flaw('CVE-2026-1', { severity: 'MEDIUM' }), flaw('CVE-2026-2')]),
    );
    expect(await issue()).toMatchObject({ status: 'snoozed', snoozed_until: null });
    await change();
    expect(await issue()).toMatchObject({ status: 'open' });
    expect((await told())[0]).toBe(`security-inbox woke it because ${reason}`);
    await importOnDay(inbox, 2, shop(2, 'a', [flaw('CVE-2026-1', { severity: 'LOW' })]));
    expect(await issue()).toMatchObject({ status: 'open' });
    expect(await told()).toHaveLength(2);
  });

  test('is woken by hand', async () => {
    await snooze(5, true);
    await act(inbox.ctx, (await issue()).id, { do: 'wake' });
    expect(await listed()).toEqual(['open']);
    expect(await told()).toEqual(['tester woke it', 'tester snoozed it until 2026-10-06 or it gets worse']);
  });

  test('ends in the future, and has an end', async () => {
    await expect(snooze(0)).rejects.toThrow('the given time is past');
    await expect(snooze(null)).rejects.toThrow('A snooze has an end');
  });
});

describe('a flaw behind the door of a cluster, snoozed until it gets worse', () => {
  const BEHIND = flaw('CVE-2026-9', {
    severity: 'CRITICAL',
    purlType: 'npm',
    vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  });
  const behind = async () => {
    const { rows } = await inbox.database.pool.query<{ id: string; status: string }>(
      "select id, status from issue where advisory = 'CVE-2026-9'",
    );
    return rows[0] ?? { id: '', status: '' };
  };
  const door = (day: number, isOpen: boolean) =>
    importOnDay(inbox, day, shopCluster({ image: SHOP, isOpen }), SHOP_CLUSTER);
  const woken = async () => {
    const { items } = presentHistory(await listHistory(inbox.ctx, await behind()));
    return items.find(({ sentence }) => sentence.startsWith('woke'))?.sentence ?? null;
  };
  const begin = async (isOpen: boolean) => {
    await door(1, isOpen);
    await importOnDay(inbox, 1, imageReport({ image: SHOP, at: on(1), vulnerabilities: [BEHIND] }));
    await act(inbox.ctx, (await behind()).id, { do: 'snooze', until: null, untilWorse: true });
    expect(await behind()).toMatchObject({ status: 'snoozed' });
  };

  /** As if it had stood so when it was snoozed; whatever else counts was as it is with the door open. */
  const stoodWith = async (paths: readonly string[]) => {
    const { rowCount } = await inbox.database.pool.query(
      `update decision set value = jsonb_set(value, '{worseThan}', value -> 'worseThan' || jsonb_build_object('attackPaths', $1::integer, 'paths', $2::jsonb))
       where kind = 'snooze' and value #> '{worseThan,attackPaths}' = '1' and jsonb_array_length(value #> '{worseThan,paths}') = 1`,
      [paths.length, JSON.stringify(paths)],
    );
    expect(rowCount).toBe(1);
  };

  test('wakes when its door opens', async () => {
    await begin(false);
    await importOnDay(inbox, 2, shop(2, 'b', [flaw('CVE-2026-7')], SHOP_2));
    expect(await behind()).toMatchObject({ status: 'snoozed' });
    await door(3, true);
    expect(await behind()).toMatchObject({ status: 'open' });
    expect(await woken()).toBe('woke it because it has a new detected risk: publicly_accessible');
  });

  test('lasts while the path that was there goes and comes back', async () => {
    await begin(true);
    await door(2, false);
    await door(3, true);
    expect(await behind()).toMatchObject({ status: 'snoozed' });
  });

  test.each([
    ['a path where there was none', [], '1 attack path leads through it, there were 0'],
    ['another path than there was', ['another'], 'an attack path leads through it that did not'],
  ])('wakes at %s, and at nothing else', async (_, paths, reason) => {
    await begin(true);
    await door(2, false);
    await stoodWith(paths);
    await door(3, true);
    expect(await behind()).toMatchObject({ status: 'open' });
    expect(await woken()).toBe(`woke it because ${reason}`);
  });
});

describe('what time turns', () => {
  test('is told once, of a mute that ran out and of a due date, by several processes that sweep at once', async () => {
    const { id } = await issue();
    await act(inbox.ctx, id, { do: 'due', due: on(2) });
    await muteIssue(inbox.ctx, { id, reason: 'later', until: on(3) });
    await sweepOn(2);
    // Muted, it is nobody's business that it is overdue.
    expect(await told()).toHaveLength(2);
    inbox.clock.set(on(3));
    const others = [1, 2, 3].map(
      () => new PostgresInboxStore(inbox.database.pool, organisationOf(1n), inbox.clock),
    );
    await Promise.all([...others, ...others].map((each) => each.sweep()));
    await sweepOn(3);
    expect((await told()).slice(0, 2).toSorted()).toEqual([
      'security-inbox found it overdue since 2026-10-03',
      'security-inbox unmuted it, as its mute ran out',
    ]);
    expect(await told()).toHaveLength(4);
    // Looked at again for another reason, it is told no second time.
    await act(inbox.ctx, id, { do: 'start' });
    expect(await told()).toHaveLength(5);
    await act(inbox.ctx, id, { do: 'due', due: on(4) });
    await sweepOn(4);
    expect((await told())[0]).toBe('security-inbox found it overdue since 2026-10-05');
  });
});
