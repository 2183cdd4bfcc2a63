import { afterEach, expect, test } from 'vitest';
import { actOnIssues } from '../src/app/act-on-issues.ts';
import { changeAutomation } from '../src/app/change-automation.ts';
import { putReceiver } from '../src/app/change-receivers.ts';
import { deliverDue } from '../src/app/deliver-due.ts';
import type { IssueAction } from '../src/app/issue-action.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { DAY_MS, instantText } from '../src/base/instant.ts';
import { outsideOver } from '../src/jobs/outside.ts';
import { openPool } from '../src/store/database.ts';
import { flaw, SHOP } from './support/days.ts';
import { githubReceiver } from './support/github-receiver.ts';
import { createTestDatabase } from './support/test-database.ts';
import { imported, inboxOn, type TestInbox } from './support/test-inbox.ts';
import { githubServer } from './support/tracker-servers.ts';
import { imageReport } from './support/trivy-report.ts';

/**
 * What time turns, it turns at its instant, wherever the server and its database are: also in the hour that a zone has
 * twice, or not at all.
 */
const ZONE = process.env['TZ'];
const inboxes: TestInbox[] = [];
afterEach(async () => {
  if (ZONE === undefined) delete process.env['TZ'];
  else process.env['TZ'] = ZONE;
  for (const inbox of inboxes.splice(0)) await inbox.close();
});

/** An inbox whose server and database are in a zone. */
async function inboxIn(zone: string): Promise<TestInbox> {
  process.env['TZ'] = zone;
  const database = await createTestDatabase();
  await database.pool.query(
    `do $$ begin execute format('alter database %I set timezone = %L', current_database(), '${zone}'); end $$`,
  );
  // What a database is set to counts for connections that are made afterwards.
  const pool = openPool(database.address);
  const drop = () => pool.end().then(() => database.drop());
  const inbox = inboxOn({ ...database, pool, drop });
  inboxes.push(inbox);
  return inbox;
}

test.each([
  ['UTC', '2026-10-25T00:30:00Z'],
  ['Europe/Berlin', '2026-10-25T00:30:00Z'],
  ['Europe/Berlin', '2026-10-25T01:30:00Z'],
  ['America/New_York', '2026-11-01T05:30:00Z'],
  ['America/New_York', '2026-11-01T06:30:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:29:59.999Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
])(
  'in %s mutes and snoozes end, days are over and dates are passed at %s, not before',
  async (zone, text) => {
    const at = Date.parse(text);
    const inbox = await inboxIn(zone);
    const flaws = ['1', '2', '3', '4', '5'].map((each) => flaw(`CVE-2026-${each}`, { severity: 'HIGH' }));
    // A count of days that ends at this instant: days have 24 hours.
    inbox.clock.set(at - 2 * DAY_MS);
    imported(
      await inbox.importReport(imageReport({ image: SHOP, at: at - 2 * DAY_MS, vulnerabilities: flaws })),
    );
    await changeAutomation(inbox.ctx, {
      what: 'file',
      text: `mute:
  - { id: timed, name: Timed, for: [infrastructure_vulnerability], when: "cve:CVE-2026-4", reason: no_fix, until: ${text} }
  - { id: new, name: New, for: [infrastructure_vulnerability], when: "cve:CVE-2026-5 first_seen:>now-2d", reason: no_fix }
due_date:
  - { id: due, name: Due, for: [infrastructure_vulnerability], when: "cve:CVE-2026-3", days: { high: 2 } }
`,
    });
    const { rows } = await inbox.database.pool.query<{ id: string }>(
      'select id from issue order by advisory',
    );
    const ids = rows.map(({ id }) => id);
    const decide = (index: number, action: IssueAction) =>
      actOnIssues(inbox.ctx, {
        selection: { ids: [ids[index] ?? ''] },
        action,
        isTold: false,
        expected: null,
      });
    await decide(0, { do: 'mute', reason: 'x', because: 'other', until: at });
    await decide(1, { do: 'snooze', until: at, untilWorse: false });
    const told = async () => {
      const { pool } = inbox.database;
      const events = await pool.query<{ verb: string }>(
        "select verb from event where verb in ('mute-ended', 'wake', 'overdue') order by verb",
      );
      const muted = await pool.query<{ advisory: string }>(
        'select advisory from issue where is_muted order by advisory',
      );
      return [events.rows.map(({ verb }) => verb), muted.rows.map(({ advisory }) => advisory)];
    };
    inbox.clock.set(at - 1);
    await sweepIssues(inbox.ctx);
    expect(await told()).toEqual([[], ['CVE-2026-1', 'CVE-2026-4', 'CVE-2026-5']]);
    inbox.clock.set(at);
    await sweepIssues(inbox.ctx);
    expect(await told()).toEqual([['mute-ended', 'overdue', 'wake'], []]);
    const due = await inbox.database.pool.query<{ due_at: number }>(
      "select due_at from issue where advisory = 'CVE-2026-3'",
    );
    expect(instantText(due.rows[0]?.due_at ?? 0)).toBe(instantText(at));
    // As text a database says a time in its own zone, unless it is told another.
    const written = await inbox.database.pool.query<{ at: string }>(
      "select due_at::text as at from issue where advisory = 'CVE-2026-3'",
    );
    expect(written.rows[0]?.at).toMatch(/\+00$/);
  },
);

test.each([
  ['UTC', '2026-10-25'],
  // Midnight is at two in the morning here, in the hour before clocks go back.
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-10-04'],
])('in %s a rule makes its tickets of the day until midnight in UTC on %s', async (zone, day) => {
  const inbox = await inboxIn(zone);
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const github = await githubServer(() => inbox.clock.now());
  try {
    inbox.clock.set(midnight - DAY_MS);
    const receiver = githubReceiver(github.address);
    await putReceiver(inbox.ctx, { receiver, secret: 'good-token' });
    await changeAutomation(inbox.ctx, {
      what: 'file',
      text: 'ticket:\n  - { id: tell, name: Tell, for: [infrastructure_vulnerability], receiver: shop-issues, per_day: 1, all: true }\n',
    });
    const flaws = ['1', '2', '3'].map((each) => flaw(`CVE-2026-${each}`));
    imported(
      await inbox.importReport(imageReport({ image: SHOP, at: midnight - DAY_MS, vulnerabilities: flaws })),
    );
    const made = async (now: number) => {
      inbox.clock.set(now);
      await deliverDue(inbox.ctx, outsideOver('https://inbox.example'));
      return github.tickets.length;
    };
    const times = [midnight - DAY_MS, midnight - 1, midnight, midnight + DAY_MS - 1, midnight + DAY_MS];
    const counts: number[] = [];
    for (const time of times) counts.push(await made(time));
    expect(counts).toEqual([1, 1, 2, 2, 3]);
  } finally {
    await github.close();
  }
});
