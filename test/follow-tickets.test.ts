import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeAutomation } from '../src/app/change-automation.ts';
import { putReceiver } from '../src/app/change-receivers.ts';
import { deliverDue } from '../src/app/deliver-due.ts';
import { followTickets } from '../src/app/follow-tickets.ts';
import { listHistory } from '../src/app/list-history.ts';
import { undoImport } from '../src/app/undo-import.ts';
import { createTicket } from '../src/app/want-delivery.ts';
import { presentHistory } from '../src/contract/from-domain/present-history.ts';
import { outsideOver } from '../src/jobs/outside.ts';
import { flaw, importOnDay, shop } from './support/days.ts';
import { githubReceiver } from './support/github-receiver.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { githubServer, jiraServer, type OutsideServer } from './support/tracker-servers.ts';
import { act, muteIssue } from './support/triage.ts';

/** What becomes of tickets when something becomes of their issues, and the other way: over real HTTP, to servers on this machine. */
const MINUTE_MS = 60_000;
const OUTSIDE = outsideOver('https://inbox.example');

let inbox: TestInbox;
const servers = new Map<string, OutsideServer>();
beforeAll(async () => {
  const now = () => inbox.clock.now();
  servers.set('github', await githubServer(now));
  servers.set('jira', await jiraServer(now, true));
});
afterAll(() => Promise.all([...servers.values()].map((server) => server.close())));
beforeEach(async () => {
  for (const server of servers.values())
    for (const list of [server.tickets, server.asked, server.troubles]) list.length = 0;
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const find = (day: number, flaws: number) =>
  importOnDay(
    inbox,
    day,
    shop(
      day,
      'a',
      Array.from({ length: flaws }, (_, index) => flaw(`CVE-2026-${index}`)),
    ),
  );
const follow = async (minutes = 0) => {
  inbox.clock.set(inbox.clock.now() + minutes * MINUTE_MS);
  return followTickets(inbox.ctx, OUTSIDE);
};

/** A receiver, and one ticket in it for the second flaw; answers the server and the id of the issue. */
async function withTicket(kind: 'github' | 'jira', isOfRule = false) {
  const server = servers.get(kind) as OutsideServer;
  await putReceiver(inbox.ctx, {
    receiver: {
      ...githubReceiver(server.address),
      ...(kind === 'jira' && { kind, project: 'SEC', ticketType: 'Bug', account: 'bot@example.com' }),
    },
    secret: 'good-token',
  });
  if (isOfRule)
    await changeAutomation(inbox.ctx, {
      what: 'file',
      text: 'ticket:\n  - { id: tell, name: Tell, for: [infrastructure_vulnerability], when: "cve:CVE-2026-1", receiver: shop-issues, per_day: 3, all: true, close: false }\n',
    });
  await find(0, 2);
  const id = (await inbox.list()).find(({ title }) => title.endsWith('-1'))?.id ?? '';
  if (!isOfRule) await createTicket(inbox.ctx, { id, receiver: 'shop-issues' });
  await deliverDue(inbox.ctx, OUTSIDE);
  const [ticket] = server.tickets;
  if (ticket === undefined) throw new Error('no ticket was made');
  return { server, id, ticket };
}

const said = async (id: string) =>
  presentHistory(await listHistory(inbox.ctx, { id }))
    .items.map(({ sentence }) => sentence)
    .filter((sentence) => / (#1|SEC-1) /.test(`${sentence} `));

describe.each(['github', 'jira'] as const)('a ticket in %s', (kind) => {
  const key = kind === 'github' ? '#1' : 'SEC-1';

  test('is closed when its issue is resolved, and opened again when that is back, each told once', async () => {
    const { ticket, id } = await withTicket(kind);
    expect(await follow()).toBe(0);
    await find(1, 1);
    expect(await follow()).toBe(1);
    expect(await follow()).toBe(0);
    expect(ticket).toMatchObject({ isClosed: true, comments: [expect.stringContaining('Resolved')] });
    await find(2, 2);
    await follow();
    expect(ticket).toMatchObject({ isClosed: false });
    expect(ticket.comments?.map((text) => text.split('\n')[0])).toEqual([
      'Resolved: the scanners no longer show it.',
      'It is back: a scanner shows it again.',
    ]);
    expect((await said(id)).toReversed().slice(-2)).toEqual([
      `told ${key} in shop-issues that it is resolved, which is closed`,
      `told ${key} in shop-issues that it is open again`,
    ]);
  });

  test('is closed when its issue is gone with the import that showed it', async () => {
    const { ticket } = await withTicket('github');
    const { rows } = await inbox.database.pool.query<{ id: string }>('select id from scan');
    await undoImport(inbox.ctx, { scanId: rows[0]?.id ?? '' });
    expect((await inbox.list()).length).toBe(0);
    expect(await follow()).toBe(1);
    expect(ticket.isClosed).toBe(true);
    expect(await follow()).toBe(0);
  });

  test('is told that its issue is muted, and stays open', async () => {
    const { ticket, id } = await withTicket(kind);
    await muteIssue(inbox.ctx, { id, reason: 'later', until: null });
    await follow();
    await act(inbox.ctx, id, { do: 'unmute' });
    await follow();
    expect(ticket.comments?.map((text) => text.split(/[:.]/)[0])).toEqual(['Muted', 'It is no longer muted']);
    expect(ticket.isClosed ?? false).toBe(false);
  });

  test('that people close is looked at every hour and told on the issue, which stays open', async () => {
    const { ticket, id } = await withTicket(kind);
    ticket.isClosed = true;
    expect(await follow(59)).toBe(0);
    expect(await follow(1)).toBe(1);
    expect(await follow(59)).toBe(0);
    expect((await inbox.list()).find((row) => row.id === id)?.status).toBe('open');
    ticket.isClosed = false;
    await follow(1);
    expect((await said(id)).toReversed().slice(-2)).toEqual([
      `saw that somebody closed ${key} in shop-issues; that resolves nothing`,
      `saw that somebody opened ${key} in shop-issues again`,
    ]);
    expect(ticket.comments).toEqual([]);
  });

  test('that was told and whose answer was lost is not told again, and is closed then', async () => {
    const { ticket, server } = await withTicket(kind);
    await find(1, 1);
    server.troubles.push('lost');
    await follow();
    expect(ticket).toMatchObject({ comments: [expect.stringContaining('Resolved')] });
    expect(ticket.isClosed ?? false).toBe(false);
    expect(await follow()).toBe(0);
    await follow(1);
    expect(ticket).toMatchObject({ isClosed: true, comments: { length: 1 } });
  });
});

test('a ticket of a rule that keeps its tickets open is told, and stays open', async () => {
  const { ticket } = await withTicket('github', true);
  await find(1, 1);
  await follow();
  expect(ticket.comments).toEqual([expect.stringContaining('Resolved')]);
  expect(ticket.isClosed ?? false).toBe(false);
});

test('of several processes one tells a ticket', async () => {
  const { ticket } = await withTicket('github');
  await find(1, 1);
  await Promise.all([follow(), follow(), follow()]);
  expect(ticket.comments).toHaveLength(1);
});

test('a tracker that refuses ten times is left alone, and the history says so', async () => {
  const { server, id, ticket } = await withTicket('github');
  await find(1, 1);
  server.troubles.push(...Array(10).fill({ status: 403 }));
  for (let attempt = 0; attempt < 10; attempt++) await follow(6 * 60);
  expect(ticket.comments).toEqual([]);
  expect((await said(id))[0]).toMatch(/^gave up telling #1 in shop-issues that it is resolved/);
  expect(await follow(24 * 60)).toBe(0);
  await find(20, 2);
  await follow();
  expect(ticket.comments).toEqual([expect.stringContaining('It is back')]);
});
