import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { detectedRiskSchema } from '../../src/contract/detected-risk.ts';
import type { InboxPage } from '../../src/contract/inbox-page.ts';
import { ADMITTED_BY_HAND, type IssueRow } from '../../src/contract/issue.ts';
import type { IssueDetail } from '../../src/contract/issue-detail.ts';
import { severitySchema } from '../../src/contract/severity.ts';
import { startReadyDatabase } from '../support/ready-cluster.ts';
import { makeScratch, runJson, sample, startServer } from '../support/run-server.ts';
import { barriers } from './barriers.ts';
import { EMPTY_SCREENS } from './empty-screens.ts';
import { firstPageComesAtOnce } from './web-first-page.test-suite.ts';
import { hostileTextIsText } from './web-hostile.test-suite.ts';
import { idsOf, inAddress, NO_MISDEEDS, openWebInbox, type WebInbox } from './web-inbox.ts';
import { whatComesMeanwhile } from './web-meanwhile.test-suite.ts';
import { staysWritten } from './web-refusals.test-suite.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** High enough for every row of these tests to be in sight. */
const TALL = { width: 1280, height: 3000 };

let inbox: WebInbox;

beforeAll(async () => {
  inbox = await openWebInbox([
    sample('trivy', 'image-alpine-310.json'),
    sample('trivy', 'image-spring4shell-jre8.json'),
    sample('trivy', 'fs-secrets.json'),
    sample('sarif', 'codeql.sarif'),
    sample('ocsf', 'prowler-5-aws.json'),
    sample('grype', 'keycloak.json'),
  ]);
});
afterAll(() => inbox.close());

/** Whatever a page was made to do: it asked nobody else, threw nothing, was refused nothing and opened no dialog. */
afterEach(async () => expect(await inbox.closePages()).toEqual(NO_MISDEEDS));

const open = (address = '/', viewport = TALL) => inbox.open(address, { viewport });
const list = (...flags: readonly string[]) => inbox.list(...flags);

const rows = (page: Page) => page.getByTestId('issue-row');

const PATIENCE = { timeout: 10_000 };

/** Closes the pages, of which the browser complains of nothing but this, of its own accord. */
async function onlyComplaints(expected: RegExp): Promise<void> {
  const { complaints, ...misdeeds } = await inbox.closePages();
  expect({ ...misdeeds, complaints: complaints.filter((each) => !expected.test(each)) }).toEqual(NO_MISDEEDS);
}

/** Waits until the page says something with these words. */
function hears(page: Page, words: string): Promise<void> {
  return expect
    .poll(() => page.getByRole('status').allInnerTexts(), PATIENCE)
    .toContainEqual(expect.stringContaining(words));
}

const ids = (issues: readonly IssueRow[]) => issues.map(({ id }) => id);

describe('signing in', () => {
  test('a link opens the inbox, and leaves the address', async () => {
    const { url } = await runJson<{ readonly url: string }>(['sign-in', '--data', inbox.data]);
    const page = await inbox.openSignedOut(url);
    await rows(page).first().waitFor();
    expect(page.url()).toBe(`${inbox.server.url}/`);
  });

  test('a link that was used says so, and how to get another', async () => {
    const page = await inbox.openSignedOut(inbox.server.link);
    const signedOut = page.getByTestId('signed-out');
    expect(await signedOut.getByRole('alert').innerText()).toMatch(/link/i);
    expect(await signedOut.innerText()).toContain('./bin/security-inbox sign-in');
    expect(page.url()).toBe(`${inbox.server.url}/sign-in`);
    await onlyComplaints(/status of 401/);
  });

  test('who is signed in signs out by a second press, and is told what it costs', async () => {
    const { url } = await runJson<{ readonly url: string }>(['sign-in', '--data', inbox.data]);
    const page = await inbox.openSignedOut(url);
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: /^Signed in as / }).press('Enter');
    const out = page.getByRole('button', { name: 'Sign out' });
    await out.waitFor();
    expect(await page.locator('.person').innerText()).toMatch(/may change people.*fresh link/s);
    await page.keyboard.press('Escape');
    await out.waitFor({ state: 'hidden' });
    expect(await rows(page).count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: /^Signed in as / }).click();
    await out.click();
    await page.getByTestId('signed-out').waitFor();
    await onlyComplaints(/status of 401/);
  });

  test('without a session the page shows no issue', async () => {
    const page = await inbox.openSignedOut('/');
    await page.getByTestId('signed-out').waitFor();
    expect(await rows(page).count()).toBe(0);
    await onlyComplaints(/status of 401/);
  });
});

describe('the list', () => {
  test('shows what the command line lists, in its order', async () => {
    const [admitted, all] = [await list(), await list('--all')];
    const page = await open('/?all=true');
    expect(await idsOf(page, all.length)).toEqual(ids(all));
    const shown = await rows(page).evaluateAll((elements) =>
      elements.map((element) => ({
        severity: element.querySelector('.sev')?.textContent?.toLowerCase(),
        title: element.querySelector('.title')?.textContent,
        isAdmitted: element.getAttribute('data-admitted') === 'yes',
        risks: [...element.querySelectorAll('[data-risk]')].map((risk) => [
          risk.getAttribute('data-risk'),
          risk.getAttribute('data-state'),
        ]),
        impact: element.querySelector('.impact')?.textContent,
        paths: element.querySelector('.paths')?.textContent,
        owner: element.querySelector('.owner .nm')?.textContent,
        dueAt: element.querySelector('.due time')?.getAttribute('datetime') ?? null,
        firstSeen: element.querySelector('.age time')?.getAttribute('datetime'),
      })),
    );
    expect(shown).toEqual(
      all.map((issue) => ({
        severity: issue.severity,
        title: issue.title,
        isAdmitted: issue.admittedBy.length > 0,
        risks: Object.entries(issue.riskStates),
        impact: `${issue.resources}·${issue.services}`,
        paths: issue.attackPaths === 0 ? 'none' : String(issue.attackPaths),
        owner: issue.assignee ?? issue.team ?? 'unowned',
        dueAt: issue.dueAt,
        firstSeen: issue.firstSeen,
      })),
    );
    expect(await page.getByTestId('count').innerText()).toBe(`${all.length} issues`);
    await page.goto('/');
    expect(await idsOf(page, admitted.length, '[data-admitted="yes"]')).toEqual(ids(admitted));
    expect(await page.getByTestId('count').innerText()).toBe(`${admitted.length} to fix`);
  });

  test('counts what each choice would leave', async () => {
    const all = await list('--all');
    const page = await open('/?all=true');
    await rows(page).first().waitFor();
    const choices = page.getByRole('complementary', { name: 'Views and filters' }).locator('[aria-pressed]');
    const shown = await choices.evaluateAll((buttons) =>
      buttons.map((button) =>
        [...button.querySelectorAll('.n')].map((count) => Number.parseInt(count.textContent ?? '', 10)),
      ),
    );
    const withState = (state: string) =>
      detectedRiskSchema.options.map(
        (risk) => all.filter(({ riskStates }) => riskStates[risk] === state).length,
      );
    const [yes, unknown] = [withState('yes'), withState('unknown')];
    expect(shown.slice(0, 10)).toEqual([
      ...severitySchema.options.map((word) => [all.filter(({ severity }) => severity === word).length]),
      ...yes.map((count, index) => [count, unknown[index]]),
    ]);
    expect(
      shown
        .slice(10)
        .flat()
        .reduce((sum, count) => sum + count, 0),
    ).toBe(all.length);
  });
});

test('the first load is less than 250 kB of compressed script, and the map is no part of it', async () => {
  const { url } = inbox.server;
  const page = await (await fetch(url)).text();
  const scripts = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path);
  expect(scripts.length).toBeGreaterThan(1);
  const texts = await Promise.all(
    scripts.map(async (path) => Buffer.from(await (await fetch(`${url}${path}`)).bytes())),
  );
  // The list is among them, the map is not.
  const holds = (mark: string) => texts.some((text) => text.includes(mark));
  expect(['issue-row', 'map-picture'].map(holds)).toEqual([true, false]);
  const sizes = texts.map((text) => gzipSync(text).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(250_000);
});

describe('keys', () => {
  test('move, open with the reasons, and close', async () => {
    const issues = await list();
    const page = await open('/', { width: 1280, height: 800 });
    await rows(page).first().waitFor();
    const current = () => page.locator('[aria-current="true"][data-issue]').getAttribute('data-issue');
    for (const [key, index] of [
      ['j', 0],
      ['j', 1],
      ['ArrowDown', 2],
      ['k', 1],
      ['ArrowUp', 0],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(current, PATIENCE).toBe(issues[index]?.id);
    }
    const panel = page.getByTestId('issue-panel');
    expect(await panel.count()).toBe(0);
    await page.keyboard.press('Enter');
    const id = issues[0]?.id ?? '';
    const { why, findings } = await runJson<IssueDetail>(['why', id, '--data', inbox.data]);
    expect(await panel.getByTestId('rank-sentence').innerText()).toBe(why.rank.sentence);
    for (const step of why.score.steps) expect(await panel.innerText()).toContain(step.reason);
    const rules = panel.getByRole('list', { name: 'Rules of the inbox' }).getByRole('listitem');
    expect(
      await rules.evaluateAll((items) => items.map((item) => item.getAttribute('data-verdict'))),
    ).toEqual(why.admission.rules.map(({ verdict }) => verdict));
    for (const { risk, state, evidence, missing } of why.risks) {
      const shown = panel.getByTestId(`risk-${risk}`);
      expect(await shown.getAttribute('data-state')).toBe(state);
      for (const sentence of [...evidence.map((each) => each.sentence), ...missing])
        expect(await shown.innerText()).toContain(sentence);
    }
    const members = findings.filter(({ state }) => state === 'open').length;
    expect(await panel.locator('[data-block="effect"]').innerText()).toMatch(
      new RegExp(`closes this issue and its ${members} open findings?; no attack path goes through it\\.`),
    );
    await inAddress(page, 'issue', id);
    const width = () => panel.evaluate((element) => element.getBoundingClientRect().width);
    const edge = panel.getByRole('separator', { name: 'Width of the panel' });
    const before = await width();
    await edge.press('ArrowLeft');
    await expect.poll(width, PATIENCE).toBe(before + 24);
    await edge.dblclick();
    await expect.poll(width, PATIENCE).toBe(before);
    await page.keyboard.press('j');
    await inAddress(page, 'issue', issues[1]?.id ?? '');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await expect.poll(current, PATIENCE).toBe(issues[1]?.id);
    expect(page.url()).toBe(`${inbox.server.url}/`);
  });
});

test('each key of the list, and of what is open, does what the help says of it', async () => {
  const issues = await list('--all');
  const [first, second] = issues as readonly [IssueRow, IssueRow];
  const page = await open('/?all=true', { width: 1280, height: 800 });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: inbox.server.url });
  await rows(page).first().waitFor();
  const height = () =>
    rows(page)
      .first()
      .evaluate((row) => row.getBoundingClientRect().height);
  const usual = await height();
  await page.keyboard.press('y');
  await expect.poll(height, PATIENCE).not.toBe(usual);
  await page.reload();
  await rows(page).first().waitFor();
  expect(await height()).not.toBe(usual);
  for (const key of ['y', 'y']) await page.keyboard.press(key);
  await expect.poll(height, PATIENCE).toBe(usual);
  const facets = page.getByRole('complementary', { name: 'Views and filters' });
  for (const isShown of [false, true]) {
    await page.keyboard.press('f');
    await expect.poll(() => facets.isVisible(), PATIENCE).toBe(isShown);
  }
  await page.keyboard.press('n');
  await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('');
  await page.keyboard.press('n');
  await inAddress(page, 'all', 'true');
  for (const key of ['j', 'Control+a']) await page.keyboard.press(key);
  await page.getByTestId('selection').getByText(`All ${issues.length} that match`).waitFor(PATIENCE);
  await page.keyboard.press('Escape');
  await page.getByTestId('selection').waitFor({ state: 'detached' });
  await page.keyboard.press('b');
  const status = async () => (await list('--all')).find(({ id }) => id === first.id)?.status;
  await expect.poll(status, PATIENCE).toBe('in_progress');
  // The database knows before the page has its answer.
  await page.getByRole('button', { name: 'Undo' }).waitFor(PATIENCE);
  await page.keyboard.press('u');
  await expect.poll(status, PATIENCE).toBe('open');
  for (const key of ['Home', 'Enter']) await page.keyboard.press(key);
  await inAddress(page, 'issue', first.id);
  await page.getByTestId('rank-sentence').waitFor();
  await page.keyboard.press(']');
  await inAddress(page, 'issue', second.id);
  await page.keyboard.press('[');
  await inAddress(page, 'issue', first.id);
  await page.locator(`[data-about="${first.id}"]`).waitFor(PATIENCE);
  await page.keyboard.press('R');
  await expect
    .poll(() => page.evaluate('navigator.clipboard.readText()'), PATIENCE)
    .toBe(`${inbox.server.url}/issues/${first.id}`);
  await page.keyboard.press('p');
  await page.getByTestId('issue-page').waitFor(PATIENCE);
  await page.goBack();
  await page.getByTestId('issue-panel').waitFor(PATIENCE);
});

describe('filters', () => {
  test('stand in the address and outlive a reload', async () => {
    const critical = await list('--all', '--query', 'severity:critical');
    const page = await open('/?all=true');
    await page.getByRole('button', { name: /^Critical/ }).click();
    expect(await idsOf(page, critical.length)).toEqual(ids(critical));
    await inAddress(page, 'severity', 'critical');
    await page.reload();
    expect(await idsOf(page, critical.length)).toEqual(ids(critical));
    const exploited = critical.filter(({ risks }) => risks.includes('exploit_available'));
    await page.getByRole('button', { name: /^Exploit available/ }).click();
    expect(await idsOf(page, exploited.length)).toEqual(ids(exploited));
    await page.goBack();
    expect(await idsOf(page, critical.length)).toEqual(ids(critical));
    const others = critical.filter(({ type }) => type !== 'secret');
    expect(others.length).toBeLessThan(critical.length);
    await page.getByRole('button', { name: /^Secret/ }).click({ modifiers: ['Alt'] });
    await inAddress(page, 'q', '-type:secret');
    expect(await idsOf(page, others.length)).toEqual(ids(others));
  });

  test('words are searched for', async () => {
    const found = await list('--all', '--query', 'openssl');
    const page = await open('/?all=true');
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('openssl');
    expect(found.length).toBeGreaterThan(0);
    expect(await idsOf(page, found.length)).toEqual(ids(found));
    await inAddress(page, 'q', 'openssl');
  });

  test('a query is completed, read and told where it cannot be read', async () => {
    const query = 'score:>=7 -type:secret';
    const found = await list('--all', '--query', query);
    const page = await open('/?all=true');
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('score:>=7 -ty');
    const offered = page.getByRole('option', { name: /^type:/ });
    await offered.waitFor();
    // Where it stands it is also what is seen: nothing around the field cuts it off.
    const isOnTop = `(option) => {
      const { x, y, width, height } = option.getBoundingClientRect();
      return option.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }`;
    expect(await page.evaluate(`(${isOnTop})(document.querySelector('[role="option"]'))`)).toBe(true);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('secr');
    await page.getByRole('option', { name: 'secret' }).click();
    await inAddress(page, 'q', query);
    expect(found.length).toBeGreaterThan(0);
    expect(await idsOf(page, found.length)).toEqual(ids(found));
    // At once: a part of it would be a query of its own, which can be read.
    await page.getByRole('searchbox').fill(`${query} sevrity:high`);
    const trouble = page.getByTestId('query-trouble');
    await trouble.getByText('Did you mean "severity"?').waitFor();
    expect(await trouble.locator('mark').textContent()).toBe('sevrity');
    expect(await idsOf(page, found.length)).toEqual(ids(found));
    await page.getByRole('searchbox').fill(query);
    await trouble.waitFor({ state: 'detached' });
    expect(await idsOf(page, found.length)).toEqual(ids(found));
    // From an address there is no list before it, and still a way on.
    await page.goto('/?all=true&q=sevrity:high');
    await trouble.getByText('Did you mean "severity"?').waitFor();
    await page.getByRole('button', { name: 'Clear the conditions' }).click();
    await rows(page).first().waitFor();
    await onlyComplaints(/status of 400/);
  });
});

describe('decisions', () => {
  test('e mutes with a reason, u takes it back', async () => {
    const before = await list();
    const [target] = before;
    const page = await open();
    await rows(page).first().waitFor();
    const mute = async () => {
      await page.keyboard.press('j');
      await page.keyboard.press('e');
      await page
        .getByRole('form', { name: `Mute ${target?.title}` })
        .getByRole('textbox')
        .fill('accepted for now');
      await page.keyboard.press('Enter');
      await hears(page, 'accepted for now');
    };
    await mute();
    expect(ids(await list())).toEqual(ids(before.slice(1)));
    await page.keyboard.press('u');
    await hears(page, 'Unmuted');
    expect(ids(await list())).toEqual(ids(before));
    await page.reload();
    await rows(page).first().waitFor();
    await mute();
    await page.reload();
    expect(await idsOf(page, before.length - 1, '[data-admitted="yes"]')).toEqual(ids(before.slice(1)));
    expect(await page.getByTestId('count').innerText()).toBe(`${before.length - 1} to fix`);
    expect(await runJson(['why', target?.id ?? '', '--data', inbox.data])).toMatchObject({ muted: true });
  });

  test('i makes it mine, a gives it away, d says when it is due, u takes each back', async () => {
    const [target] = await list();
    const page = await open(`/?issue=${target?.id}`);
    await page.getByTestId('rank-sentence').waitFor();
    const now = async () => {
      const found = (await list()).find(({ id }) => id === target?.id);
      return { assignee: found?.assignee, dueAt: found?.dueAt };
    };
    const press = async (key: string, words: string) => {
      await page.keyboard.press(key);
      await hears(page, words);
    };
    await press('i', 'Assigned to admin');
    expect(await now()).toEqual({ assignee: 'admin', dueAt: null });
    await press('u', 'Assigned to nobody');
    await page.keyboard.press('a');
    const people = page.getByRole('form', { name: `Assign ${target?.title}` });
    await people.getByRole('combobox').fill('somebody else');
    await page.keyboard.press('Enter');
    await staysWritten(people, 'Nobody is called "somebody else".', 'somebody else');
    expect(await now()).toEqual({ assignee: null, dueAt: null });
    for (const key of ['Escape', 'd']) await page.keyboard.press(key);
    await page
      .getByRole('form', { name: `Due date of ${target?.title}` })
      .getByLabel('Due by')
      .fill('2031-12-08');
    await press('Enter', 'Due on 8 Dec 2031');
    expect((await now()).dueAt).toMatch(/^2031-12-0[789]T/);
    await press('u', 'Without a due date');
    expect(await now()).toEqual({ assignee: null, dueAt: null });
    await expect
      .poll(async () => {
        const all = await page.getByTestId('history').getByRole('listitem').allInnerTexts();
        return all.filter((text) => text.startsWith('admin'));
      }, PATIENCE)
      .toEqual([
        expect.stringContaining('admin took back what was decided: due date'),
        expect.stringMatching(/admin said that it is due on 2031-12-0[789]/),
        expect.stringContaining('admin took back what was decided: assignee'),
        expect.stringContaining('admin assigned it to admin'),
      ]);
    await onlyComplaints(/status of 400/);
  });

  test('x selects, s snoozes all of them, u brings all of them back; c says something', async () => {
    const before = await list();
    const page = await open();
    await rows(page).first().waitFor();
    for (const key of ['j', 'x', 'J']) await page.keyboard.press(key);
    await page.getByTestId('selection').getByText('2 issues selected').waitFor();
    await page.keyboard.press('s');
    await page.getByRole('form', { name: 'Snooze 2 issues' }).waitFor();
    await page.keyboard.press('Enter');
    await hears(page, 'Snoozed until it gets worse');
    expect(ids(await list())).toEqual(ids(before.slice(2)));
    await page.keyboard.press('u');
    await hears(page, 'Not snoozed');
    expect(ids(await list())).toEqual(ids(before));
    for (const key of ['x', 'J', 'T']) await page.keyboard.press(key);
    await page.getByRole('form', { name: 'Team of 2 issues' }).getByRole('combobox').fill('payments');
    await page.keyboard.press('Enter');
    await hears(page, 'Given to payments');
    const given = async () => (await list()).filter(({ team }) => team === 'payments').length;
    expect(await given()).toBe(2);
    await expect
      .poll(() => rows(page).locator('.owner .nm', { hasText: 'payments' }).count(), PATIENCE)
      .toBe(2);
    await page.keyboard.press('u');
    await hears(page, 'Team as before');
    expect(await given()).toBe(0);
    await page.goto(`${new URL(page.url()).origin}/?issue=${before[0]?.id}`);
    await page.getByTestId('rank-sentence').waitFor();
    await page.keyboard.press('c');
    await page
      .getByRole('form', { name: `Comment on ${before[0]?.title}` })
      .getByRole('textbox')
      .fill('<b>we know</b>');
    await page.keyboard.press('Enter');
    await hears(page, 'Said about');
    await page.getByTestId('history').getByText('<b>we know</b>').waitFor();
    await onlyComplaints(/status of 400/);
  });

  test('+ takes in what no rule admits', async () => {
    const target = (await list('--all')).find(({ admittedBy }) => admittedBy.length === 0);
    const page = await open('/?all=true');
    await page.locator(`[data-issue="${target?.id}"]`).click();
    await page.keyboard.press('+');
    await page.locator(`[data-issue="${target?.id}"][data-admitted="yes"]`).waitFor();
    expect((await list()).find(({ id }) => id === target?.id)).toMatchObject({
      admittedBy: [ADMITTED_BY_HAND],
    });
  });

  test('an issue that the list in sight does not hold is decided about as well', async () => {
    const target = (await list('--all')).find(({ admittedBy }) => admittedBy.length === 0);
    const page = await open('/');
    await rows(page).first().waitFor();
    const { promise: listIsShown, resolve: showIssue } = Promise.withResolvers<void>();
    await page.route(`**/api/v1/issues/${target?.id}`, async (route) => {
      await listIsShown;
      await route.continue();
    });
    await page.goto(`/?q=nothing-has-this-name&issue=${target?.id}`);
    await page.getByText('0 of').first().waitFor();
    showIssue();
    await page.getByTestId('rank-sentence').waitFor();
    await page.keyboard.press('+');
    await hears(page, 'Taken in by hand');
    expect((await list()).find(({ id }) => id === target?.id)).toMatchObject({
      admittedBy: [ADMITTED_BY_HAND],
    });
  });
});

whatComesMeanwhile(() => inbox);
firstPageComesAtOnce(() => inbox, onlyComplaints);

hostileTextIsText(() => inbox);

describe('the first report', () => {
  test('is dropped on the page of the first administrator, and becomes the list with what holds back', async () => {
    const scratch = await makeScratch();
    const data = join(scratch.folder, 'data');
    const database = await startReadyDatabase(data);
    const server = await startServer(['--data', data]);
    try {
      const page = await inbox.openOf(server, '/', { viewport: TALL });
      expect(await page.getByTestId('signed-out').getByRole('alert').innerText()).toContain(
        'nobody is its administrator yet',
      );
      await page.goto(server.link);
      await page.getByTestId('first-run').waitFor();
      for (const [address, says] of EMPTY_SCREENS) {
        await page.evaluate(`history.pushState(null, '', '${address}')`);
        await page.getByText(says).first().waitFor(PATIENCE);
        expect(await barriers(page, 'wcag'), address).toEqual([]);
      }
      await page.evaluate(`history.pushState(null, '', '/')`);
      await page.getByTestId('first-run').waitFor();
      expect(await barriers(page, 'wcag'), 'first run').toEqual([]);
      const report = await readFile(join(ROOT, sample('trivy', 'image-alpine-310.json')), 'utf8');
      const dataTransfer = await page.evaluateHandle(
        `(() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([${JSON.stringify(report)}], 'alpine.json'));
          return transfer;
        })()`,
      );
      for (const type of ['dragover', 'drop']) await page.dispatchEvent('body', type, { dataTransfer });
      await page.getByTestId('not-admitted-head').waitFor();
      const all = await runJson<readonly IssueRow[]>(['list', '--all', '--data', data]);
      expect(await idsOf(page, all.length, '[data-admitted="no"]')).toEqual(ids(all));
      expect(await page.getByTestId('import-results').innerText()).toContain('alpine.json was read');
      expect(await page.getByTestId('count').innerText()).toBe('0 to fix');
      const { holdingBack, waiting } = (await (await page.request.get('/api/v1/issues')).json()) as InboxPage;
      expect(holdingBack.length).toBeGreaterThan(0);
      const notice = await page.getByTestId('holding-back').innerText();
      expect(notice).toContain(`${waiting} findings wait`);
      for (const { sentence, remedy } of holdingBack) {
        expect(notice).toContain(sentence);
        expect(notice).toContain(remedy);
      }
      // Before there is an administrator, and whoever is not signed in, is told so by a refusal.
      await onlyComplaints(/status of (401|503)/);
    } finally {
      await server.stop();
      await database.stop();
      await scratch.remove();
    }
  });
});
