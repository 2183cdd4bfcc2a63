import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { IssueGroups } from '../../src/contract/inbox-page.ts';
import { DEMO_PATH_FILES } from '../support/demo-files.ts';
import { runCommand } from '../support/run-server.ts';
import { hostileReport } from './hostile-report.ts';
import { NO_MISDEEDS, openWebInbox, type WebInbox } from './web-inbox.ts';

let inbox: WebInbox;
let path: { readonly id: string };
/** An issue that is no attack path. */
let other: { readonly id: string };

beforeAll(async () => {
  inbox = await openWebInbox(DEMO_PATH_FILES);
  const [first] = await inbox.list('--query', 'type:attack_path');
  path = first as { readonly id: string };
  const [second] = await inbox.list('--query', 'type:library');
  other = second as { readonly id: string };
});
afterAll(() => inbox.close());
afterEach(async () => expect(await inbox.closePages()).toEqual(NO_MISDEEDS));

const PATIENCE = { timeout: 10_000 };

/** Of each screen, its address and what is there once it is full. */
const SCREENS: readonly (readonly [address: string, seen: string])[] = [
  ['/', 'issue-row'],
  ['/?all=true&issue=:path', 'rank-sentence'],
  ['/?by=fix', 'group-head'],
  ['/sources', 'source'],
  ['/issues/:path', 'rank-sentence'],
  ['/issues/:path/map', 'map-step'],
  ['/issues/:path/map?as=text', 'map-text'],
  ['/issues/:other/map', 'map-picture'],
  ['/paths', 'path'],
  ['/fix-first', 'fix'],
  ['/findings', 'row'],
  ['/resources', 'row'],
  ['/overview', 'funnel'],
  ['/automation?type=inbox&rule=new', 'rule-editor'],
];

/** Those that are looked at in both themes and both widths: between them they hold every kind of thing. */
const ALL_WAYS = new Set(['/', '/?all=true&issue=:path', '/sources']);

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 800 };

/** What keeps somebody out, and where. */
async function barriers(page: Page): Promise<readonly object[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    // What passed is counted and not described.
    .options({ resultTypes: ['violations'] })
    .analyze();
  return violations.map(({ id, nodes }) => ({ id, at: nodes.slice(0, 3).map(({ html }) => html) }));
}

describe('every screen', () => {
  test('is readable without a barrier, and as wide as the window', async () => {
    const page = await inbox.open('/', { viewport: WIDE, colorScheme: 'dark', reducedMotion: 'reduce' });
    const grounds = new Set<unknown>();
    for (const [screen, seen] of SCREENS) {
      const address = screen.replace(':path', path.id).replace(':other', other.id);
      // One page for all: its script is read once, and what differs is set.
      await page.goto(address);
      await page.getByTestId(seen).first().waitFor({ timeout: 30_000 });
      const ways = ALL_WAYS.has(screen)
        ? ([
            ['dark', WIDE],
            ['light', WIDE],
            ['light', NARROW],
          ] as const)
        : ([['dark', WIDE]] as const);
      for (const [colorScheme, viewport] of ways) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        await page.getByTestId(seen).first().waitFor(PATIENCE);
        expect(await barriers(page), `${address}, ${colorScheme}, ${viewport.width} px`).toEqual([]);
        grounds.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      }
      for (const viewport of [WIDE, NARROW]) {
        await page.setViewportSize(viewport);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(overflow, `${address}, ${viewport.width} px`).toBeLessThanOrEqual(0);
      }
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.setViewportSize(WIDE);
    }
    expect(grounds.size).toBe(2);
  }, 180_000);

  test('can be read with the colours of the system alone, and moves nothing where nothing is to move', async () => {
    const page = await inbox.open('/', { viewport: WIDE, forcedColors: 'active', reducedMotion: 'reduce' });
    await page.getByTestId('issue-row').first().waitFor(PATIENCE);
    const bars = await page.evaluate(
      `[...document.querySelectorAll('.row')].slice(0, 3).map((row) => getComputedStyle(row, '::before').backgroundColor)`,
    );
    expect(new Set(bars as readonly string[])).not.toContain('rgba(0, 0, 0, 0)');
    const moving = await page.evaluate(
      `[...document.querySelectorAll('*')].filter((each) => getComputedStyle(each).transitionDuration.split(', ').some((time) => parseFloat(time) > 0.01)).length`,
    );
    expect(moving).toBe(0);
  });

  test('is in the theme that a person chooses, which this browser keeps', async () => {
    const page = await inbox.open('/', { colorScheme: 'light' });
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.getByTestId('issue-row').first().waitFor();
    const light = await ground();
    await page.getByRole('button', { name: 'Light or dark' }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByTestId('issue-row').first().waitFor();
    expect(await ground()).toBe(dark);
  });

  test('says what failed, and reads it again when asked', async () => {
    const page = await inbox.open('/');
    for (const [address, api] of [
      ['/paths', 'attack-paths'],
      ['/findings', 'findings'],
      [`/issues/${path.id}`, `issues/${path.id}`],
    ] as const) {
      const fails = (url: URL) => url.pathname === `/api/v1/${api}`;
      await page.route(fails, (route) => route.abort());
      await page.goto(address);
      const alert = page.getByRole('alert');
      await alert.first().waitFor(PATIENCE);
      expect(await alert.first().innerText(), address).toContain('The server does not answer');
      await page.unroute(fails);
      await page.getByRole('button', { name: 'Try again' }).first().click();
      await expect.poll(() => alert.count(), PATIENCE).toBe(0);
    }
    const { complaints, ...others } = await inbox.closePages();
    expect(others).toEqual({ strayed: [], dialogs: [] });
    expect(complaints.every((each) => /ERR_FAILED/.test(each))).toBe(true);
  }, 60_000);

  test('shows a skeleton while it waits, and says what would be here where nothing is', async () => {
    const page = await inbox.open('/');
    const { promise: waits, resolve: answer } = Promise.withResolvers<void>();
    await page.route(
      (url) => url.pathname === '/api/v1/signals',
      async (route) => {
        await waits;
        await route.fulfill({ json: { items: [], nextCursor: null, total: 0 } });
      },
    );
    await page.goto('/signals');
    await page.getByRole('status', { name: 'Reading the signals' }).waitFor(PATIENCE);
    answer();
    await page.getByRole('heading', { name: 'No signal is known' }).waitFor(PATIENCE);
    await page.goto('/resource?id=nothing-of-that-name');
    await page.getByRole('heading', { name: 'No such resource is known' }).waitFor(PATIENCE);
    await page.goto('/resources?q=nothing-of-that-name');
    await page.getByRole('button', { name: 'Clear the conditions' }).click();
    await page.getByTestId('row').first().waitFor(PATIENCE);
  });
});

describe('by keyboard alone', () => {
  test('g and a letter leads to every screen, and the palette to issues and what can be done', async () => {
    const page = await inbox.open('/');
    await page.getByTestId('issue-row').first().waitFor();
    for (const [letter, name] of [
      ['p', 'Attack paths'],
      ['x', 'Fix first'],
      ['f', 'Findings'],
      ['r', 'Resources'],
      ['s', 'Signals'],
      ['c', 'Advisories'],
      ['a', 'Add to inbox'],
      ['o', 'Sources'],
      ['v', 'Overview'],
    ] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(letter);
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor(PATIENCE);
    }
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Search issues, screens and commands' });
    await field.fill('attack pa');
    await page.keyboard.press('Enter');
    await page.getByTestId('path').first().waitFor(PATIENCE);
    const [issue] = await inbox.list();
    await page.keyboard.press('Control+k');
    await field.fill((issue?.title ?? '').slice(0, 30));
    await page
      .getByRole('option', { name: issue?.title ?? '' })
      .first()
      .waitFor(PATIENCE);
    await page.keyboard.press('Enter');
    await page.getByTestId('issue-page').waitFor(PATIENCE);
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').innerText()).toContain('Open the map');
  });

  test('an issue is decided about on its own page, and left again', async () => {
    const page = await inbox.open(`/issues/${path.id}`);
    await page.getByTestId('rank-sentence').waitFor();
    await page.keyboard.press('i');
    await expect
      .poll(() => page.getByRole('status').allInnerTexts(), PATIENCE)
      .toContainEqual(expect.stringContaining('Assigned to'));
    await page.keyboard.press('u');
    await expect
      .poll(() => page.getByRole('status').allInnerTexts(), PATIENCE)
      .toContainEqual(expect.stringContaining('Assigned to nobody'));
    await page.keyboard.press('m');
    await page.getByTestId('map-step').first().waitFor(PATIENCE);
    await page.keyboard.press('Escape');
    await page.getByTestId('issue-page').waitFor(PATIENCE);
  });
});

describe('the map', () => {
  const steps = (page: Page) => page.getByTestId('map-step');

  test('tells in words what it draws, and what a cut does to it', async () => {
    const page = await inbox.open(`/issues/${path.id}/map`);
    await steps(page).first().waitFor();
    const cards = page.locator('[data-node]');
    const names = await cards.evaluateAll((each) =>
      each.map((card) => card.querySelector('title')?.textContent),
    );
    const gate = page.locator('.cutline').first();
    await gate.focus();
    await page.keyboard.press('Enter');
    const outcome = page.getByTestId('outcome');
    await expect.poll(() => outcome.innerText(), PATIENCE).toContain('With 1 cut');
    await page.getByTestId('changes').waitFor(PATIENCE);
    expect(new URL(page.url()).searchParams.get('cut')).not.toBeNull();
    expect(await page.locator('.card.gone').count()).toBeGreaterThan(0);
    await page.reload();
    await expect.poll(() => outcome.innerText(), PATIENCE).toContain('With 1 cut');
    await page.keyboard.press('u');
    await expect.poll(() => outcome.innerText(), PATIENCE).toContain('Nothing is cut');
    await page.keyboard.press('v');
    const text = await page.getByTestId('map-text').innerText();
    for (const name of names) expect(text).toContain(name);
  });

  test('zooms, moves and is saved by what is in the page alone', async () => {
    const page = await inbox.open(`/issues/${path.id}/map`);
    await steps(page).first().waitFor();
    const drawn = page.locator('.picture > g');
    const before = await drawn.getAttribute('transform');
    await page.keyboard.press('=');
    await expect.poll(() => drawn.getAttribute('transform')).not.toBe(before);
    await page.locator('.canvas').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('0');
    await expect.poll(() => drawn.getAttribute('transform')).toBe(before);
    for (const [kind, beginning] of [
      ['SVG', '<svg'],
      ['PNG', '\u0089PNG'],
    ] as const) {
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: `Save ${kind}` }).click();
      const stream = await (await saved).createReadStream();
      let content = Buffer.alloc(0);
      for await (const part of stream) content = Buffer.concat([content, part as Buffer]);
      expect(content.toString('latin1').slice(0, beginning.length)).toBe(beginning);
      expect(content.length).toBeGreaterThan(1_000);
      if (kind === 'SVG') expect(content.toString()).not.toMatch(/href="|var\(|class="/);
    }
  });
});

test('fixes that are ticked stand in the address, and the list after them beside the list now', async () => {
  const page = await inbox.open('/fix-first');
  await page.getByTestId('fix').first().waitFor(PATIENCE);
  await page.getByRole('checkbox').first().check();
  const projected = page.getByTestId('projected');
  await expect.poll(() => projected.innerText(), PATIENCE).toMatch(/resolves/);
  expect(new URL(page.url()).searchParams.get('cut')).not.toBeNull();
  await page.keyboard.press('u');
  await expect.poll(() => page.getByRole('checkbox').first().isChecked()).toBe(false);
});

describe('lists', () => {
  test('are narrowed by choices and words that stand in the address', async () => {
    const page = await inbox.open('/findings');
    await page.getByTestId('row').first().waitFor(PATIENCE);
    const total = () => page.getByTestId('total').innerText();
    const whole = await total();
    await page.getByRole('button', { name: 'Critical' }).click();
    await expect.poll(total, PATIENCE).not.toBe(whole);
    const critical = await total();
    await page.reload();
    await expect.poll(total, PATIENCE).toBe(critical);
    await page.keyboard.press('Escape');
    await expect.poll(total, PATIENCE).toBe(whole);
  });

  test('a query that cannot be read is told where it stands', async () => {
    const page = await inbox.open('/findings?q=severity:');
    await page.getByRole('alert').waitFor(PATIENCE);
    await expect.poll(() => page.getByRole('searchbox').getAttribute('aria-invalid')).toBe('true');
    const { complaints, ...others } = await inbox.closePages();
    expect(others).toEqual({ strayed: [], dialogs: [] });
    expect(complaints.every((each) => /status of 400/.test(each))).toBe(true);
  });

  test('lead to a resource, and from there to what is beside it', async () => {
    const page = await inbox.open('/resources?q=search');
    await page.getByTestId('row').first().getByRole('link').first().click();
    await page.getByTestId('resource').waitFor(PATIENCE);
    await page.getByTestId('risk-in_production').waitFor(PATIENCE);
    await page.keyboard.press('Escape');
    await page.getByTestId('row').first().waitFor(PATIENCE);
  });
});

test('a rule is written, previewed, saved, ordered by keyboard and removed', async () => {
  const page = await inbox.open('/automation?type=inbox&rule=new');
  const editor = page.getByTestId('rule-editor');
  const write = async (name: string, query: string) => {
    await editor.getByLabel('Name').fill(name);
    await editor.getByLabel('When').fill(query);
    await editor.getByLabel('Reason shown on the issue').fill('It matters here');
    await page.getByTestId('rule-preview').waitFor(PATIENCE);
    await editor.getByRole('button', { name: 'Save rule' }).click();
    await page.locator(`[data-rule]`, { hasText: name }).waitFor(PATIENCE);
  };
  await write('All of search', 'resource:*search*');
  await page.getByRole('button', { name: 'New rule' }).click();
  await write('All that is critical', 'severity:critical');
  const order = () =>
    page.getByTestId('rule').evaluateAll((rules) => rules.map((rule) => rule.getAttribute('data-rule')));
  expect(await order()).toEqual(['all-of-search', 'all-that-is-critical']);
  await page.getByRole('button', { name: /Move All that is critical/ }).focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(order, PATIENCE).toEqual(['all-that-is-critical', 'all-of-search']);
  await editor.getByLabel('When').fill('severity:');
  await expect.poll(() => editor.innerText(), PATIENCE).toMatch(/value|expected|after/i);
  await editor.getByRole('button', { name: 'Remove' }).click();
  await expect.poll(order, PATIENCE).toEqual(['all-of-search']);
  const { complaints, ...others } = await inbox.closePages();
  expect(others).toEqual({ strayed: [], dialogs: [] });
  expect(complaints.every((each) => /status of 400/.test(each))).toBe(true);
}, 60_000);

test('text of reports is shown as text on every screen', async () => {
  const report = join(inbox.folder, 'hostile.json');
  await writeFile(report, JSON.stringify(hostileReport()));
  await runCommand(['import', report, '--data', inbox.data]);
  const page = await inbox.open('/findings?q=hostile');
  for (const address of ['/findings?q=hostile', '/resources', '/advisories?q=hostile', '/overview']) {
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.locator('main img, main script, main iframe').count()).toBe(0);
  }
});

describe('the inbox in groups', () => {
  test('folds, opens what is left of a group, and is walked by keys; the address holds what it is grouped by', async () => {
    const page = await inbox.open('/', { viewport: { width: 1280, height: 3000 } });
    await page.getByTestId('issue-row').first().waitFor(PATIENCE);
    await page.keyboard.press('h');
    const heads = page.getByTestId('group-head');
    await heads.first().waitFor(PATIENCE);
    expect(new URL(page.url()).searchParams.get('by')).toBe('fix');
    await page.getByRole('combobox', { name: 'Group by' }).selectOption('account');
    await expect.poll(() => new URL(page.url()).searchParams.get('by'), PATIENCE).toBe('account');
    const groups: IssueGroups = await (await page.request.get('/api/v1/issue-groups?by=account')).json();
    await expect.poll(() => heads.allInnerTexts(), PATIENCE).toEqual(groups.groups.map(({ title }) => title));
    const shown = page.getByTestId('issue-row');
    const all = groups.groups.reduce((sum, group) => sum + group.first.length, 0);
    await expect.poll(() => shown.count(), PATIENCE).toBe(all);
    const at = groups.groups.findIndex(({ nextPlace }) => nextPlace !== null);
    const long = groups.groups[at] as IssueGroups['groups'][number];
    await page
      .getByRole('button', { name: /^\d+ more, / })
      .first()
      .click();
    await expect.poll(() => shown.count(), PATIENCE).toBe(all - long.first.length + long.issues);
    await heads.nth(at).click();
    await expect.poll(() => shown.count(), PATIENCE).toBe(all - long.first.length);
    expect(await heads.nth(at).getAttribute('aria-expanded')).toBe('false');
    const top = groups.groups[at === 0 ? 1 : 0]?.first[0]?.issue.id;
    await page.keyboard.press('Home');
    const current = () => page.locator('[aria-current="true"][data-issue]').getAttribute('data-issue');
    await expect.poll(current, PATIENCE).toBe(top);
    await page.reload();
    await expect.poll(() => heads.count(), PATIENCE).toBe(groups.groups.length);
  });
});

test('a view is shared with everybody, and taken back', async () => {
  const page = await inbox.open('/?severity=critical&by=fix');
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.getByRole('checkbox', { name: 'for everybody' }).check();
  await page.getByRole('textbox', { name: 'Name of the view' }).fill('Critical fixes');
  await page.keyboard.press('Enter');
  const view = page.getByTestId('shared-view');
  await view.waitFor(PATIENCE);
  const elsewhere = await inbox.open('/');
  await elsewhere.getByTestId('shared-view').getByRole('button', { name: 'Critical fixes' }).first().click();
  await expect.poll(() => new URL(elsewhere.url()).search, PATIENCE).toBe('?severity=critical&by=fix');
  await elsewhere.getByRole('button', { name: 'Stop sharing the view Critical fixes' }).click();
  await expect.poll(() => elsewhere.getByTestId('shared-view').count(), PATIENCE).toBe(0);
});
