import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { detectedRiskSchema } from '../../src/contract/detected-risk.ts';
import { ADMITTED_BY_HAND, type IssueRow } from '../../src/contract/issue.ts';
import type { IssueDetail } from '../../src/contract/issue-detail.ts';
import { severitySchema } from '../../src/contract/severity.ts';
import { launchBrowser } from '../../tools/browser.ts';
import { makeScratch, type RunningServer, runCommand, runJson, sample, startServer } from '../support/run-server.ts';
import { HOSTILE, hostileReport } from './hostile-report.ts';
import { openWatchedPage, type WatchedPage } from './watched-page.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** High enough for every row of these tests to be in sight. */
const TALL = { width: 1280, height: 3000 };

let scratch: Awaited<ReturnType<typeof makeScratch>>;
let data: string;
let server: RunningServer;
let browser: Browser;
/** The cookies of somebody who signed in. */
let session: NonNullable<BrowserContextOptions['storageState']>;
const opened: WatchedPage[] = [];

beforeAll(async () => {
  scratch = await makeScratch();
  data = join(scratch.folder, 'data');
  [server, browser] = await Promise.all([startServer(['--data', data]), launchBrowser()]);
  const reports = [
    sample('trivy', 'image-alpine-310.json'),
    sample('trivy', 'image-spring4shell-jre8.json'),
    sample('trivy', 'fs-secrets.json'),
    sample('sarif', 'codeql.sarif'),
    sample('ocsf', 'prowler-5-aws.json'),
    sample('grype', 'keycloak.json'),
  ];
  await runCommand(['import', '--separate', '--data', data, ...reports]);
  const { page } = await openWatchedPage(browser, server.url);
  await page.goto(server.link);
  await page.getByTestId('count').waitFor();
  session = await page.context().storageState();
  await page.context().close();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await scratch.remove();
});

/** Whatever a page was made to do: it asked nobody else, threw nothing, was refused nothing and opened no dialog. */
afterEach(async () => {
  const pages = opened.splice(0);
  await Promise.all(pages.map(({ page }) => page.context().close()));
  for (const { strayed, complaints, dialogs } of pages)
    expect({ strayed, complaints, dialogs }).toEqual({ strayed: [], complaints: [], dialogs: [] });
});

/** A page of somebody who signed in. */
async function open(address = '/', options: BrowserContextOptions = {}, of: RunningServer = server): Promise<Page> {
  const watched = await openWatchedPage(browser, of.url, { storageState: session, viewport: TALL, ...options });
  opened.push(watched);
  await watched.page.goto(address);
  return watched.page;
}

const list = (...args: readonly string[]) => runJson<readonly IssueRow[]>(['list', ...args, '--data', data]);

const rows = (page: Page) => page.getByTestId('issue-row');

/** The ids of the rows, once there are as many as expected. */
async function idsOf(page: Page, count: number, selector = ''): Promise<readonly (string | null)[]> {
  const found = page.locator(`[data-testid="issue-row"]${selector}`);
  await expect.poll(() => found.count(), { timeout: 10_000 }).toBe(count);
  return found.evaluateAll((elements) => elements.map((element) => element.getAttribute('data-issue')));
}

const ids = (issues: readonly IssueRow[]) => issues.map(({ id }) => id);

describe('signing in', () => {
  test('a link opens the inbox once, and leaves the address', async () => {
    const { url } = await runJson<{ readonly url: string }>(['sign-in', '--data', data]);
    const first = await open(url, { storageState: { cookies: [], origins: [] } });
    await first.getByTestId('count').waitFor();
    expect(first.url()).toBe(`${server.url}/`);
    const { page, strayed } = await openWatchedPage(browser, server.url);
    await page.goto(url);
    const signedOut = page.getByTestId('signed-out');
    expect(await signedOut.getByRole('alert').innerText()).toMatch(/link/i);
    expect(await signedOut.innerText()).toContain('security-inbox sign-in');
    expect(page.url()).toBe(`${server.url}/sign-in`);
    expect(strayed).toEqual([]);
    await page.context().close();
  });

  test('without a session the page shows no issue', async () => {
    const { page } = await openWatchedPage(browser, server.url);
    await page.goto('/');
    await page.getByTestId('signed-out').waitFor();
    expect(await rows(page).count()).toBe(0);
    await page.context().close();
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
      })),
    );
    expect(shown).toEqual(
      all.map((issue) => ({
        severity: issue.severity,
        title: issue.title,
        isAdmitted: issue.admittedBy.length > 0,
        risks: Object.entries(issue.riskStates),
        impact: `${issue.resources}·${issue.services}`,
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
      buttons.map((button) => [...button.querySelectorAll('.n')].map((count) => Number.parseInt(count.textContent ?? '', 10))),
    );
    const withState = (state: string) =>
      detectedRiskSchema.options.map((risk) => all.filter(({ riskStates }) => riskStates[risk] === state).length);
    const [yes, unknown] = [withState('yes'), withState('unknown')];
    expect(shown.slice(0, 10)).toEqual([
      ...severitySchema.options.map((word) => [all.filter(({ severity }) => severity === word).length]),
      ...yes.map((count, index) => [count, unknown[index]]),
    ]);
    expect(shown.slice(10).flat().reduce((sum, count) => sum + count, 0)).toBe(all.length);
  });
});

describe('keys', () => {
  test('move, open with the reasons, and close', async () => {
    const issues = await list();
    const page = await open('/', { viewport: { width: 1280, height: 800 } });
    await rows(page).first().waitFor();
    const current = () => page.locator('[aria-current="true"][data-issue]').getAttribute('data-issue');
    for (const [key, index] of [['j', 0], ['j', 1], ['ArrowDown', 2], ['k', 1], ['ArrowUp', 0]] as const) {
      await page.keyboard.press(key);
      expect(await current(), key).toBe(issues[index]?.id);
    }
    const panel = page.getByTestId('issue-panel');
    expect(await panel.count()).toBe(0);
    await page.keyboard.press('Enter');
    const id = issues[0]?.id ?? '';
    const { why } = await runJson<IssueDetail>(['why', id, '--data', data]);
    expect(await panel.getByTestId('rank-sentence').innerText()).toBe(why.rank.sentence);
    for (const step of why.score.steps) expect(await panel.innerText()).toContain(step.reason);
    const rules = panel.getByRole('list', { name: 'Rules of the inbox' }).getByRole('listitem');
    expect(await rules.evaluateAll((items) => items.map((item) => item.getAttribute('data-verdict')))).toEqual(
      why.admission.rules.map(({ verdict }) => verdict),
    );
    for (const { risk, state, evidence, missing } of why.risks) {
      const shown = panel.getByTestId(`risk-${risk}`);
      expect(await shown.getAttribute('data-state')).toBe(state);
      for (const sentence of [...evidence.map((each) => each.sentence), ...missing])
        expect(await shown.innerText()).toContain(sentence);
    }
    expect(new URL(page.url()).searchParams.get('issue')).toBe(id);
    await page.keyboard.press('j');
    expect(new URL(page.url()).searchParams.get('issue')).toBe(issues[1]?.id);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(await current()).toBe(issues[1]?.id);
    expect(page.url()).toBe(`${server.url}/`);
  });
});

describe('filters', () => {
  test('stand in the address and outlive a reload', async () => {
    const critical = await list('--all', '--query', 'severity:critical');
    const page = await open('/?all=true');
    await page.getByRole('button', { name: /^Critical/ }).click();
    expect(await idsOf(page, critical.length)).toEqual(ids(critical));
    expect(new URL(page.url()).searchParams.get('severity')).toBe('critical');
    await page.reload();
    expect(await idsOf(page, critical.length)).toEqual(ids(critical));
    const exploited = critical.filter(({ risks }) => risks.includes('exploit_available'));
    await page.getByRole('button', { name: /^Exploit available/ }).click();
    expect(await idsOf(page, exploited.length)).toEqual(ids(exploited));
    await page.goBack();
    expect(await idsOf(page, critical.length)).toEqual(ids(critical));
  });

  test('words are searched for', async () => {
    const found = await list('--all', '--query', 'openssl');
    const page = await open('/?all=true');
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('openssl');
    expect(found.length).toBeGreaterThan(0);
    expect(await idsOf(page, found.length)).toEqual(ids(found));
    expect(new URL(page.url()).searchParams.get('q')).toBe('openssl');
  });
});

describe('decisions', () => {
  test('m mutes with a reason, u takes it back', async () => {
    const before = await list();
    const [target] = before;
    const page = await open();
    await rows(page).first().waitFor();
    const mute = async () => {
      await page.keyboard.press('j');
      await page.keyboard.press('m');
      await page.getByRole('form', { name: `Mute ${target?.title}` }).getByRole('textbox').fill('accepted for now');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.getByRole('status').allInnerTexts()).toContainEqual(expect.stringContaining('accepted for now'));
    };
    await mute();
    expect(ids(await list())).toEqual(ids(before.slice(1)));
    await page.keyboard.press('u');
    await expect.poll(() => page.getByRole('status').allInnerTexts()).toContainEqual(expect.stringContaining('Unmuted'));
    expect(ids(await list())).toEqual(ids(before));
    await page.reload();
    await rows(page).first().waitFor();
    await mute();
    await page.reload();
    expect(await idsOf(page, before.length - 1, '[data-admitted="yes"]')).toEqual(ids(before.slice(1)));
    expect(await page.getByTestId('count').innerText()).toBe(`${before.length - 1} to fix`);
    expect(await runJson(['why', target?.id ?? '', '--data', data])).toMatchObject({ muted: true });
  });

  test('i takes in what no rule admits', async () => {
    const target = (await list('--all')).find(({ admittedBy }) => admittedBy.length === 0);
    const page = await open('/?all=true');
    await page.locator(`[data-issue="${target?.id}"]`).click();
    await page.keyboard.press('i');
    await page.locator(`[data-issue="${target?.id}"][data-admitted="yes"]`).waitFor();
    expect((await list()).find(({ id }) => id === target?.id)).toMatchObject({ admittedBy: [ADMITTED_BY_HAND] });
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
    await page.keyboard.press('i');
    await expect.poll(() => page.getByRole('status').allInnerTexts()).toContainEqual(expect.stringContaining('Taken in by hand'));
    expect((await list()).find(({ id }) => id === target?.id)).toMatchObject({ admittedBy: [ADMITTED_BY_HAND] });
  });
});

describe('every width, light and dark', () => {
  test.each([360, 768, 1280])('%i px: readable, and without a barrier', async (width) => {
    const [issue] = await list('--all');
    const page = await open('/', { viewport: { width, height: 800 } });
    const grounds: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const address of ['/', `/?all=true&issue=${issue?.id}`, '/sources']) {
        await page.goto(address);
        const seen = address === '/sources' ? 'source' : address === '/' ? 'issue-row' : 'rank-sentence';
        await page.getByTestId(seen).first().waitFor();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) })), `${address}, ${colorScheme}`).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${address}, ${colorScheme}: as wide as the window`).toBeLessThanOrEqual(0);
      }
      grounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }
    expect(new Set(grounds).size).toBe(2);
  });

  test('a person chooses the theme, and this browser keeps it', async () => {
    const page = await open('/', { colorScheme: 'light' });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await rows(page).first().waitFor();
    const light = await ground();
    await page.getByRole('button', { name: 'Light or dark' }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await rows(page).first().waitFor();
    expect(await ground()).toBe(dark);
  });
});

describe('hostile text', () => {
  test('is shown as text, in the page and in a terminal', async () => {
    const path = join(scratch.folder, 'hostile.json');
    await writeFile(path, JSON.stringify(hostileReport()));
    const { code, stdout } = await runCommand(['import', path, '--data', data]);
    expect(code).toBe(0);
    const hostile = await list('--all', '--query', 'hostile');
    expect(hostile).toHaveLength(Object.keys(HOSTILE).length);
    const table = await runCommand(['list', '--all', '--data', data]);
    const whys = await Promise.all(hostile.slice(0, 2).map(({ id }) => runCommand(['why', id, '--data', data])));
    for (const text of [stdout, table.stdout, ...whys.map((why) => why.stdout)])
      expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);

    const page = await open('/?all=true&q=hostile');
    expect(await idsOf(page, hostile.length)).toEqual(ids(hostile));
    const shown = (text: string) => text.replace(/[\u0000-\u001F\u202E\u2066\u2069]/g, '\uFFFD');
    const titles = await page.locator('[data-testid="issue-row"] .title').allTextContents();
    expect(titles).toEqual(hostile.map(({ title }) => shown(title)));
    expect(titles.join('\n')).toContain(HOSTILE.script);
    const elements = () => page.locator('#app :is(script, img, iframe, object, embed, b[onclick], svg[onload], a[href^="javascript:" i])').count();
    for (const { id } of hostile) {
      await page.locator(`[data-issue="${id}"]`).click();
      await page.getByTestId('issue-panel').getByRole('heading', { level: 2 }).waitFor();
      await expect.poll(() => new URL(page.url()).searchParams.get('issue')).toBe(id);
      for (const finding of await page.getByTestId('finding').locator('summary').all()) await finding.click();
      expect(await elements()).toBe(0);
    }
    await page.goto('/sources');
    await page.getByTestId('source').first().waitFor();
    expect(await elements()).toBe(0);
    const answer = await page.request.get('/');
    expect(answer.headers()['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  });
});

describe('the first report', () => {
  test('is dropped on the page, and becomes the list with what holds back', async () => {
    const fresh = join(scratch.folder, 'fresh');
    const first = await startServer(['--data', fresh]);
    try {
      const page = await open(first.link, { storageState: { cookies: [], origins: [] } }, first);
      await page.getByTestId('first-run').waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id }) => id)).toEqual([]);
      const report = await readFile(join(ROOT, sample('trivy', 'image-alpine-310.json')), 'utf8');
      await page.evaluate((text) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], 'alpine.json'));
        for (const type of ['dragover', 'drop'])
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }, report);
      const all = await (async () => {
        await page.getByTestId('not-admitted-head').waitFor();
        return runJson<readonly IssueRow[]>(['list', '--all', '--data', fresh]);
      })();
      expect(await idsOf(page, all.length, '[data-admitted="no"]')).toEqual(ids(all));
      expect(await page.getByTestId('import-results').innerText()).toContain('alpine.json was read');
      expect(await page.getByTestId('count').innerText()).toBe('0 to fix');
      const { token } = await runJson<{ readonly token: string }>(['token', 'create', '--name', 'test', '--data', fresh]);
      const answer = await fetch(`${first.url}/api/v1/issues`, { headers: { authorization: `Bearer ${token}` } });
      const { holdingBack, waiting } = (await answer.json()) as {
        readonly waiting: number;
        readonly holdingBack: readonly { readonly sentence: string; readonly remedy: string }[];
      };
      expect(holdingBack.length).toBeGreaterThan(0);
      const notice = await page.getByTestId('holding-back').innerText();
      expect(notice).toContain(`${waiting} findings wait`);
      for (const { sentence, remedy } of holdingBack) {
        expect(notice).toContain(sentence);
        expect(notice).toContain(remedy);
      }
    } finally {
      await first.stop();
    }
  });
});
