import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { actOnIssues } from '../src/app/act-on-issues.ts';
import { changeAutomation } from '../src/app/change-automation.ts';
import { listReceivers, putReceiver, removeReceiver } from '../src/app/change-receivers.ts';
import { deliverDue } from '../src/app/deliver-due.ts';
import { listHistory } from '../src/app/list-history.ts';
import {
  createTicket,
  createTickets,
  listDeliveries,
  runWorkflow,
  withdrawDeliveries,
  withdrawDelivery,
} from '../src/app/want-delivery.ts';
import { presentHistory } from '../src/contract/from-domain/present-history.ts';
import type { NewReceiver } from '../src/domain/delivery/receiver.ts';
import { outsideOver } from '../src/jobs/outside.ts';
import { flaw, importOnDay, on, shop } from './support/days.ts';
import { githubReceiver } from './support/github-receiver.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { githubServer, jiraServer, type OutsideServer, webhookServer } from './support/tracker-servers.ts';
import { act, muteIssue } from './support/triage.ts';

/** Tickets and signed messages: from rules and people, over real HTTP, to servers on this machine. */
const MINUTE_MS = 60_000;
const SECRET = 'good-token';
const SECRET_OF_HOOK = 'sixteen-characters';

let inbox: TestInbox;
let github: OutsideServer;
let cloud: OutsideServer;
let center: OutsideServer;
let hook: OutsideServer;

beforeAll(async () => {
  const now = () => inbox.clock.now();
  github = await githubServer(now);
  cloud = await jiraServer(now, true);
  center = await jiraServer(now, false);
  hook = await webhookServer(now);
});
afterAll(() => Promise.all([github, cloud, center, hook].map((server) => server.close())));
beforeEach(async () => {
  for (const server of [github, cloud, center, hook])
    for (const list of [server.tickets, server.asked, server.troubles]) list.length = 0;
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const put = (more: Partial<NewReceiver> = {}, secret = SECRET) =>
  putReceiver(inbox.ctx, { receiver: { ...githubReceiver(github.address), ...more }, secret });
const rules = (text: string) => changeAutomation(inbox.ctx, { what: 'file', text });
const RULE = (more = '') =>
  rules(
    `ticket:\n  - { id: tell-shop, name: Tell the shop, for: [infrastructure_vulnerability], receiver: shop-issues, per_day: 3, all: true${more} }\n`,
  );
const deliver = (minutes = 0) => {
  inbox.clock.set(inbox.clock.now() + minutes * MINUTE_MS);
  return deliverDue(inbox.ctx, outsideOver('https://inbox.example'));
};
const find = (day: number, count: number, from = 0) =>
  importOnDay(
    inbox,
    day,
    shop(
      day,
      'a',
      Array.from({ length: count }, (_, index) => flaw(`CVE-2026-${from + index}`)),
    ),
  );
const titles = () => github.tickets.map(({ title }) => title.replace(/: .*/, '')).sort();
const states = async () => {
  const rows = await inbox.database.pool.query(
    'select state, count(*)::integer as count from delivery group by state order by state',
  );
  return Object.fromEntries(rows.rows.map(({ state, count }) => [state, count]));
};
const firstId = async () => (await inbox.list())[0]?.id ?? '';

describe('a rule that makes tickets', () => {
  test('makes one for each issue that comes to match, with a link both ways, and none for what was there', async () => {
    await put();
    await find(0, 2);
    await RULE();
    await deliver();
    expect(github.tickets).toEqual([]);
    await find(1, 3);
    expect(await deliver()).toBe(1);
    expect(titles()).toEqual(['[high] Flaw CVE-2026-2']);
    const [issue] = (await inbox.list()).filter(({ tickets }) => tickets.length > 0);
    expect(issue?.tickets).toEqual([
      { receiver: 'shop-issues', state: 'made', key: '#1', url: 'https://github.example/acme/shop/issues/1' },
    ]);
    expect(github.tickets[0]?.text).toContain(`](https://inbox.example/issues/${issue?.id})`);
    const said = presentHistory(await listHistory(inbox.ctx, { id: issue?.id ?? '' })).items;
    expect(said.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([
        'asked for a ticket in shop-issues, as the rule tell-shop says',
        'made a ticket in shop-issues: #1',
      ]),
    );
    await find(2, 3);
    expect(await deliver()).toBe(0);
  });

  test('makes them of what was there too where it says so', async () => {
    await put();
    await find(0, 2);
    await RULE(', existing: true');
    await deliver();
    expect(titles()).toEqual(['[high] Flaw CVE-2026-0', '[high] Flaw CVE-2026-1']);
  });

  test('makes so many a day in UTC and not one more; nothing beyond is lost, and the worst comes first', async () => {
    await put();
    await RULE();
    await importOnDay(
      inbox,
      0,
      shop(0, 'a', [
        ...Array.from({ length: 6 }, (_, index) => flaw(`CVE-2026-${index}`)),
        flaw('CVE-2026-99', { severity: 'CRITICAL' }),
      ]),
    );
    await deliver();
    expect(github.tickets.map(({ title }) => title.replace(/: .*/, ''))[0]).toBe(
      '[critical] Flaw CVE-2026-99',
    );
    expect(github.tickets).toHaveLength(3);
    expect(await states()).toEqual({ made: 3, waiting: 4 });
    // A minute before midnight, and at it.
    await deliver(11 * 60 + 59);
    expect(github.tickets).toHaveLength(3);
    await deliver(1);
    expect(github.tickets).toHaveLength(6);
    await deliver(24 * 60);
    expect(new Set(titles()).size).toBe(7);
    expect(await states()).toEqual({ made: 7 });
  });

  test('makes none of what is muted, gone or of no rule any more meanwhile, and of what is back afterwards', async () => {
    await RULE();
    await find(0, 3);
    await deliver();
    expect((await inbox.list()).flatMap(({ tickets }) => tickets.map(({ state }) => state))).toEqual(
      Array(3).fill('waiting'),
    );
    await put();
    const last = (await inbox.list()).find(({ title }) => title.endsWith('-2'))?.id ?? '';
    inbox.clock.set(on(1));
    await muteIssue(inbox.ctx, { id: last, reason: 'later', until: on(2) });
    await find(1, 2, 1);
    await deliver();
    expect(titles()).toEqual(['[high] Flaw CVE-2026-1']);
    expect(await states()).toEqual({ made: 1 });
    inbox.clock.set(on(3));
    await inbox.ctx.inbox.sweep();
    await deliver();
    expect(titles()).toEqual(['[high] Flaw CVE-2026-1', '[high] Flaw CVE-2026-2']);
    for (const [day, gone] of [() => RULE(', enabled: false'), () => rules('ticket: []')].entries()) {
      await RULE();
      await find(4 + day, 8 + day);
      await gone();
      await deliver();
      expect(await states()).toEqual({ made: 2 });
    }
  });

  test('makes one of what came back after it was passed over, though the rule was off while it went', async () => {
    await put();
    await find(0, 2);
    await RULE();
    await RULE(', enabled: false');
    await find(1, 1);
    await RULE();
    await find(2, 2);
    await deliver();
    expect(titles()).toEqual(['[high] Flaw CVE-2026-1']);
  });

  test('takes only what is in the inbox, unless it says otherwise', async () => {
    await put();
    await rules(
      'ticket:\n  - { id: tell-shop, name: Tell, for: [infrastructure_vulnerability], receiver: shop-issues, per_day: 3 }\n',
    );
    await find(0, 2);
    await deliver();
    expect(github.tickets).toEqual([]);
    await act(inbox.ctx, await firstId(), { do: 'admit', reason: null });
    await deliver();
    expect(github.tickets).toHaveLength(1);
  });
});

describe('a ticket', () => {
  beforeEach(async () => {
    await put();
    await find(0, 1);
  });
  const ask = async () => createTicket(inbox.ctx, { id: await firstId(), receiver: 'shop-issues' });

  test('is made once however often a person asks, and stays when it is closed outside', async () => {
    const { id } = await ask();
    expect(await ask()).toMatchObject({ id, state: 'waiting' });
    await deliver();
    expect(await ask()).toMatchObject({ id, state: 'made', key: '#1' });
    await deliver();
    expect(github.tickets).toHaveLength(1);
    expect((await inbox.list())[0]).toMatchObject({ status: 'open' });
  });

  test('whose answer was lost is found by its mark, and not made again', async () => {
    github.troubles.push('lost');
    await ask();
    await deliver();
    expect(await listDeliveries(inbox.ctx, { id: await firstId() })).toMatchObject([
      { state: 'waiting', attempts: 1, sentence: expect.stringContaining('does not answer') },
    ]);
    for (let other = 0; other < 150; other++)
      github.tickets.push({
        number: 2 + other,
        title: 'x',
        text: '',
        labels: [],
        createdAt: new Date(on(0)).toISOString(),
      });
    await deliver(1);
    expect(github.tickets).toHaveLength(151);
    expect((await inbox.list())[0]?.tickets).toMatchObject([{ state: 'made', key: '#1' }]);
  });

  test('that one process took and died over is made by another, after a while, once', async () => {
    await ask();
    const taken = await inbox.ctx.deliveries.takeDue();
    expect(taken).not.toBeNull();
    expect(await deliver(4)).toBe(0);
    expect(await deliver(1)).toBe(1);
    expect(github.tickets).toHaveLength(1);
  });

  test('is taken by one of several processes, of many issues that a person means at once too', async () => {
    await find(0, 5);
    const ids = (await inbox.list()).map(({ id }) => id);
    const means = (more: Partial<Parameters<typeof createTickets>[1]> = {}) =>
      createTickets(inbox.ctx, {
        selection: { ids: [...ids, 'none'] },
        expected: 6,
        receiver: 'shop-issues',
        ...more,
      });
    await expect(means({ expected: 5 })).rejects.toMatchObject({ code: 'conflict' });
    await expect(means({ receiver: 'none' })).rejects.toMatchObject({ code: 'not_found' });
    const many = Array.from({ length: 101 }, (_, index) => `${index}`);
    await expect(means({ selection: { ids: many }, expected: null })).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(
      createTickets(
        { ...inbox.ctx, actor: { ...inbox.ctx.actor, role: 'read' } },
        { selection: { ids }, expected: null, receiver: 'shop-issues' },
      ),
    ).rejects.toMatchObject({ code: 'forbidden' });
    expect(await states()).toEqual({});
    await createTicket(inbox.ctx, { id: ids[0] ?? '', receiver: 'shop-issues' });
    const { deliveries, ...counts } = await means();
    expect(counts).toEqual({ matched: 6, wanted: 5 });
    // What somebody had asked for before is not theirs to take back with it.
    expect(deliveries).toHaveLength(4);
    expect(await withdrawDeliveries(inbox.ctx, { ids: [...deliveries, 'none'] })).toEqual({ withdrawn: 4 });
    expect(await states()).toEqual({ waiting: 1, withdrawn: 4 });
    expect((await means()).deliveries).toHaveLength(4);
    await Promise.all([deliver(), deliver(), deliver(), deliver()]);
    expect(github.tickets).toHaveLength(5);
    expect(new Set(titles()).size).toBe(5);
  });

  test('that fails is tried again later and later, ten times, and anew when a person asks again', async () => {
    const waits: number[] = [];
    github.troubles.push(
      { status: 429, headers: { 'retry-after': '600' } },
      ...Array(9).fill({ status: 503 }),
    );
    await ask();
    for (let attempt = 0; attempt < 10; attempt++) {
      const before = inbox.clock.now();
      await deliver();
      const [row] = await listDeliveries(inbox.ctx, { id: await firstId() });
      if (row?.nextAt == null) break;
      waits.push((row.nextAt - before) / MINUTE_MS);
      inbox.clock.set(row.nextAt);
    }
    expect(waits).toEqual([10, 2, 4, 8, 16, 32, 64, 128, 256]);
    expect(await listDeliveries(inbox.ctx, { id: await firstId() })).toMatchObject([
      { state: 'failed', attempts: 10, sentence: expect.stringContaining('answers 503') },
    ]);
    expect(await listReceivers(inbox.ctx)).toMatchObject([
      { last: { failure: expect.stringContaining('503') } },
    ]);
    await ask();
    await deliver();
    expect(github.tickets).toHaveLength(1);
    expect(await listReceivers(inbox.ctx)).toMatchObject([{ last: { failure: null } }]);
  });

  test('is taken back before it is made, and not after', async () => {
    const { id } = await ask();
    await withdrawDelivery(inbox.ctx, { id });
    await deliver();
    expect(github.tickets).toEqual([]);
    await ask();
    await deliver();
    await expect(withdrawDelivery(inbox.ctx, { id })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('is asked of no webhook, of no stranger and of nothing that is not there', async () => {
    const id = await firstId();
    await put({ name: 'hook', kind: 'webhook', project: null }, 'sixteen-characters');
    await expect(createTicket(inbox.ctx, { id, receiver: 'hook' })).rejects.toThrow('no tracker');
    await expect(createTicket(inbox.ctx, { id, receiver: 'none' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(createTicket(inbox.ctx, { id: 'none', receiver: 'shop-issues' })).rejects.toMatchObject({
      code: 'not_found',
    });
    const reader = { ...inbox.ctx, actor: { name: 'eve', role: 'read' as const } };
    await expect(createTicket(reader, { id, receiver: 'shop-issues' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

test.each([
  ['Cloud', () => cloud, 'bot@example.com'],
  ['Data Center', () => center, null],
] as const)('Jira %s makes tickets of a type in a project, each once', async (_name, server, account) => {
  await put({ kind: 'jira', project: 'SEC', ticketType: 'Bug', account, address: `${server().address}/` });
  await find(0, 1);
  server().troubles.push('lost');
  await createTicket(inbox.ctx, { id: await firstId(), receiver: 'shop-issues' });
  await deliver();
  await deliver(1);
  expect(server().tickets).toHaveLength(1);
  expect((await inbox.list())[0]?.tickets).toEqual([
    { receiver: 'shop-issues', state: 'made', key: 'SEC-1', url: `${server().address}/browse/SEC-1` },
  ]);
});

describe('a webhook', () => {
  beforeEach(async () => {
    await putHook();
    await find(0, 1);
  });
  const putHook = (more: Partial<NewReceiver> = {}) =>
    put(
      {
        name: 'hook',
        kind: 'webhook',
        project: null,
        address: `${hook.address}/in`,
        wantsEvents: true,
        ...more,
      },
      SECRET_OF_HOOK,
    );
  const signed = () =>
    hook.asked.map(({ headers, body }) => {
      const { 'webhook-id': id, 'webhook-timestamp': at } = headers;
      const mac = createHmac('sha256', SECRET_OF_HOOK).update(`${id}.${at}.${body}`).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${mac}`);
      expect(headers['idempotency-key']).toBe(id);
      const said = JSON.parse(body) as {
        readonly type: string;
        readonly verb?: string;
        readonly inputs?: unknown;
        readonly events?: readonly { readonly verb: string; readonly subject: string }[];
      };
      return { id, ...said };
    });

  test('runs a workflow with its inputs, under one id however often it is sent, and says where it went', async () => {
    const id = await firstId();
    hook.troubles.push({ status: 500 });
    await runWorkflow(inbox.ctx, { id, receiver: 'hook', inputs: { channel: '#shop' } });
    await deliver();
    await deliver(2);
    const runs = signed().filter(({ type }) => type === 'workflow');
    expect(runs).toHaveLength(2);
    expect(new Set(runs.map((run) => run.id)).size).toBe(1);
    expect(runs[0]).toMatchObject({
      inputs: { channel: '#shop' },
      issue: { id, severity: 'high' },
      by: 'tester',
    });
    expect(await listDeliveries(inbox.ctx, { id })).toMatchObject([
      { kind: 'workflow', state: 'made', url: expect.stringContaining('/runs/') },
    ]);
  });

  test('runs a workflow for those who triage alone, of an issue that is there, with few and short inputs', async () => {
    const known = { id: await firstId(), receiver: 'hook', inputs: {} };
    const run = (more: object, ctx = inbox.ctx) => runWorkflow(ctx, { ...known, ...more });
    await put();
    await expect(run({ receiver: 'shop-issues' })).rejects.toMatchObject({ code: 'usage' });
    for (const more of [{ receiver: 'none' }, { id: 'none' }])
      await expect(run(more)).rejects.toMatchObject({ code: 'not_found' });
    const actor = { name: 'eve', role: 'read' as const };
    await expect(run({}, { ...inbox.ctx, actor })).rejects.toMatchObject({ code: 'forbidden' });
    const named = (count: number) => Object.fromEntries(Array.from(Array(count), (_, i) => [i, 'x']));
    for (const inputs of [named(51), { ['n'.repeat(101)]: 'x' }, { long: 'x'.repeat(2_001) }])
      await expect(run({ inputs })).rejects.toMatchObject({ code: 'usage' });
    await run({ inputs: { ...named(49), ['n'.repeat(100)]: 'x'.repeat(2_000) } });
    await deliver();
    expect(signed().filter(({ type }) => type === 'workflow')).toHaveLength(1);
  });

  test('gets what happens to issues, each once, and what waited is gone when it has arrived', async () => {
    const id = await firstId();
    await act(inbox.ctx, id, { do: 'start' });
    await act(inbox.ctx, id, { do: 'assign', assignee: null });
    await Promise.all([deliver(), deliver()]);
    expect(
      signed()
        .map(({ verb }) => verb)
        .sort(),
    ).toEqual(['assign', 'progress']);
    expect(await deliver(10)).toBe(0);
    for (const table of ['outbox', 'delivery'])
      expect((await inbox.database.pool.query(`select * from ${table}`)).rows).toEqual([]);
  });

  test('gets what happens to issues from the severity on that it wants, as they stand when it is sent', async () => {
    await importOnDay(
      inbox,
      0,
      shop(0, 'a', [flaw('CVE-2026-0'), flaw('CVE-2026-1', { severity: 'MEDIUM' })]),
    );
    await deliver();
    hook.asked.length = 0;
    await putHook({ leastSeverity: 'high' });
    for (const { id } of await inbox.list()) await act(inbox.ctx, id, { do: 'start' });
    await deliver();
    const { rows } = await inbox.database.pool.query<{ id: string }>(
      "select id from issue where advisory = 'CVE-2026-0'",
    );
    expect(signed()).toMatchObject([{ type: 'event', verb: 'progress', subject: `issue:${rows[0]?.id}` }]);
    // How bad an issue was that is gone nobody knows.
    await inbox.database.pool.query(
      `insert into outbox (shard, id, at, actor, verb, subject, details) select shard, id || '0', at, actor, verb, 'issue:gone', details from event order by id desc limit 1`,
    );
    await deliver();
    expect(signed().slice(1)).toMatchObject([{ subject: 'issue:gone' }]);
  });

  test('gets all of some minutes as one message, each thing once, whoever routes them', async () => {
    await deliver();
    hook.asked.length = 0;
    await putHook({ digestMinutes: 60 });
    const id = await firstId();
    await act(inbox.ctx, id, { do: 'start' });
    await Promise.all([deliver(), deliver()]);
    await act(inbox.ctx, id, { do: 'stop' });
    await deliver(59);
    expect(hook.asked).toEqual([]);
    hook.troubles.push({ status: 500 });
    await deliver(1);
    // What happens after it was tried first is of the next one.
    await act(inbox.ctx, id, { do: 'due', due: on(9) });
    await deliver(1);
    const [tried, again] = signed();
    expect(again).toEqual(tried);
    expect(tried?.type).toBe('digest');
    const verbs = () => signed().map(({ events }) => events?.map(({ verb }) => verb));
    expect(verbs()).toEqual([
      ['progress', 'progress'],
      ['progress', 'progress'],
    ]);
    await deliver(60);
    expect(verbs().slice(2)).toEqual([['due']]);
    expect((await inbox.database.pool.query('select from delivery')).rowCount).toBe(0);
  });

  test('gets more than one message of a digest has room for in several, each thing once', async () => {
    await find(0, 150);
    while ((await deliver()) > 0);
    hook.asked.length = 0;
    await putHook({ digestMinutes: 60 });
    const ids = (await inbox.list()).map(({ id }) => id);
    for (const done of ['start', 'stop', 'start'] as const) {
      await actOnIssues(inbox.ctx, {
        selection: { ids },
        action: { do: done },
        isTold: false,
        expected: null,
      });
      await deliver();
    }
    await deliver(60);
    const sizes = signed().map(({ events = [] }) => events.length);
    expect(sizes.reduce((sum, each) => sum + each, 0)).toBe(450);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
    expect(
      new Set(signed().flatMap(({ events = [] }) => events.map((each) => JSON.stringify(each)))).size,
    ).toBe(450);
  });

  test('that nobody wants events for leaves none waiting', async () => {
    await removeReceiver(inbox.ctx, { name: 'hook' });
    await act(inbox.ctx, await firstId(), { do: 'start' });
    await deliver();
    expect((await inbox.database.pool.query('select * from outbox')).rows).toEqual([]);
    expect(hook.asked).toEqual([]);
  });
});

const IMPOSSIBLE: readonly (readonly [more: Partial<NewReceiver>, secret: string, message: string])[] = [
  [{ name: 'Shop' }, SECRET, 'is no name'],
  [{ address: 'ftp://x' }, SECRET, 'begins with https://'],
  [{ address: 'https://a:b@x' }, SECRET, 'no password'],
  [{ address: 'http://x', allowsPrivate: false }, SECRET, 'can be read on its way'],
  [{ project: 'shop' }, SECRET, 'owner/repository'],
  [{ project: 'acme/../shop' }, SECRET, 'owner/repository'],
  [{ kind: 'jira', project: 'sec' }, SECRET, 'in capitals'],
  [{ kind: 'webhook' }, SECRET_OF_HOOK, 'has no project'],
  [{ kind: 'webhook', project: null }, 'short', '16 to'],
  [{ wantsEvents: true }, SECRET, 'Only a webhook'],
  [{ leastSeverity: 'high' }, SECRET, 'does not get that'],
  [{ digestMinutes: 60 }, SECRET, 'does not get that'],
  [{ kind: 'webhook', project: null, wantsEvents: true, digestMinutes: 0 }, SECRET_OF_HOOK, '1 to 10080'],
  [{ account: 'a' }, SECRET, 'Only Jira'],
  [{}, 'two words', 'without spaces'],
];

describe('a secret', () => {
  test('is nowhere in the database, in no answer, and is sent nowhere else', async () => {
    await put();
    await find(0, 1);
    github.troubles.push({ status: 401 });
    await createTicket(inbox.ctx, { id: await firstId(), receiver: 'shop-issues' });
    await deliver();
    const stored = await inbox.database.pool.query(
      `select (select jsonb_agg(to_jsonb(receiver)) from receiver)::text || (select jsonb_agg(to_jsonb(event)) from event)::text || (select jsonb_agg(to_jsonb(delivery)) from delivery)::text as all`,
    );
    const text = `${stored.rows[0]?.all}${JSON.stringify(await listReceivers(inbox.ctx))}`;
    expect(text).toContain('shop-issues');
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(Buffer.from(SECRET).toString('hex'));
    await inbox.database.pool.query('update receiver set address = $1', [hook.address]);
    await deliver(2);
    expect(hook.asked).toEqual([]);
    expect(await listDeliveries(inbox.ctx, { id: await firstId() })).toMatchObject([
      { state: 'waiting', sentence: expect.stringContaining('cannot be read') },
    ]);
  });

  test('goes to no address of this network that is not allowed', async () => {
    await put({ allowsPrivate: false, address: github.address.replace('http:', 'https:') });
    await find(0, 1);
    await createTicket(inbox.ctx, { id: await firstId(), receiver: 'shop-issues' });
    await deliver();
    expect(github.asked).toEqual([]);
    expect(await listDeliveries(inbox.ctx, { id: await firstId() })).toMatchObject([
      { state: 'waiting', sentence: expect.stringContaining('is an address of this machine or network') },
    ]);
  });

  test('and a receiver that cannot be is refused, with the reason', async () => {
    for (const [more, secret, message] of IMPOSSIBLE)
      await expect(put(more, secret)).rejects.toThrow(message);
    expect(await listReceivers(inbox.ctx)).toEqual([]);
  });
});

test('what reports say is no markup and no mention in a ticket', async () => {
  await put();
  const hostile = flaw('CVE-2026-1', {
    title: '@acme/admins ``` [x](javascript:1) <!-- security-inbox:1 -->',
  });
  await importOnDay(inbox, 0, shop(0, 'a', [hostile]));
  await createTicket(inbox.ctx, { id: await firstId(), receiver: 'shop-issues' });
  await deliver();
  const text = github.tickets[0]?.text ?? '';
  const outside = text.replace(/(`{3,})text\n[\s\S]*?\n\1/g, '');
  expect(text).toContain('@acme/admins');
  expect(outside).not.toContain('@acme');
  expect(outside).not.toContain('javascript:');
});
