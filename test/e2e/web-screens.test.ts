import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fixPlanSchema } from '../../src/contract/attack-path.ts';
import { rulesPreviewSchema } from '../../src/contract/automation-rule.ts';
import type { IssueGroups } from '../../src/contract/inbox-page.ts';
import { DEMO_PATH_FILES } from '../support/demo-files.ts';
import { everyScreen } from './web-every-screen.test-suite.ts';
import { facesOfEveryScreen } from './web-faces.test-suite.ts';
import { NO_MISDEEDS, openWebInbox, type WebInbox } from './web-inbox.ts';
import { keysOfAnIssue } from './web-issue.test-suite.ts';
import { mapInUse } from './web-map.test-suite.ts';
import { paletteInUse } from './web-palette.test-suite.ts';
import { refusedDecisions } from './web-refusals.test-suite.ts';
import { sourcesByKeyboard } from './web-sources.test-suite.ts';

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

/** Goes there as a link of the page does: what is loaded stays. */
async function visit(page: Page, address: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(address)})`);
}

everyScreen(() => ({ inbox, path: path.id, other: other.id }));
facesOfEveryScreen(() => ({ inbox, path: path.id, other: other.id }));

/** Closes the pages, of which the browser complains of nothing but this. */
async function onlyComplaints(expected: RegExp): Promise<void> {
  const { complaints, ...others } = await inbox.closePages();
  expect({ ...others, complaints: complaints.filter((each) => !expected.test(each)) }).toEqual(NO_MISDEEDS);
}

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

  test('a webhook is told which events it gets and how, and taken away', async () => {
    const page = await inbox.open('/automation?as=receivers');
    const form = page.locator('.receiver-form');
    await form.waitFor(PATIENCE);
    await form.getByLabel('Kind').selectOption('webhook');
    await form.getByLabel('Name').fill('hourly');
    await form.getByLabel('Address').fill('https://hooks.example.com/in');
    await form.getByLabel('Secret').fill('sixteen-characters');
    expect(await form.getByLabel('Of which issues').count()).toBe(0);
    await form.getByLabel('gets whatever happens').press('Space');
    await form.getByLabel('Of which issues').selectOption('high');
    await form.getByLabel('How it is sent').selectOption({ label: 'all of 1 hour as one message' });
    await form.getByLabel('Secret').press('Enter');
    const row = page.getByTestId('receiver').filter({ hasText: 'hourly' });
    await row.getByText('what happens to high issues and above, all of 1 hour at once').waitFor(PATIENCE);
    await row.getByRole('button', { name: 'Remove hourly' }).click();
    await row.getByRole('button', { name: 'Remove with its secret' }).click();
    await row.waitFor({ ...PATIENCE, state: 'detached' });
  });

  test('a tracker is set up, tickets are asked for, of one issue and of many, and the list is saved', async () => {
    const page = await inbox.open('/');
    await page.getByTestId('issue-row').first().waitFor();
    for (const key of ['g', 't']) await page.keyboard.press(key);
    const form = page.locator('.receiver-form');
    await form.waitFor(PATIENCE);
    await form.getByLabel('Name').fill('Shop Issues');
    await form.getByLabel('Root of the API').fill('http://127.0.0.1:9');
    await form.getByLabel('Repository').fill('acme/shop');
    await form.getByLabel('Token').fill('a-token');
    await form.getByLabel('Name').fill('shop-issues');
    await form.getByLabel('Token').press('Enter');
    // What was refused stays as it was written.
    await form.getByRole('alert').getByText('Over http://').waitFor(PATIENCE);
    await form.getByLabel('on this machine').press('Space');
    await form.getByLabel('Token').press('Enter');
    await page.getByTestId('receiver').getByText('acme/shop').waitFor(PATIENCE);
    for (const key of ['g', 'i']) await page.keyboard.press(key);
    await page.getByTestId('issue-row').first().waitFor(PATIENCE);
    const asks = async (keys: readonly string[], about: string | RegExp, said: string) => {
      for (const key of keys) await page.keyboard.press(key);
      await page.getByRole('form', { name: about }).getByRole('combobox').waitFor(PATIENCE);
      await page.keyboard.press('Enter');
      await page.getByText(said).waitFor(PATIENCE);
    };
    await asks(['j', 't'], /^Ticket for /, 'A ticket is made in shop-issues for');
    await page.keyboard.press('u');
    await page.getByText('No ticket is made for').waitFor(PATIENCE);
    await asks(['x', 'J', 't'], 'Ticket for 2 issues', 'A ticket each is made in shop-issues for');
    await page.keyboard.press('u');
    // The first was taken back before and asked for again by this.
    await page.getByText('No ticket is made for 2 issues').waitFor(PATIENCE);
    const saved = page.waitForEvent('download');
    await page.keyboard.press('Shift+E');
    const shown = await page.getByRole('heading', { name: /^Save \d+ issues as a file$/ }).innerText();
    await page.keyboard.press('Enter');
    const lines = (await readFile(await (await saved).path(), 'utf8')).trim().split('\n');
    expect(`Save ${lines.length - 1} issues as a file`).toBe(shown);
    await onlyComplaints(/status of 400/);
  });

  test('what can be done stands in the palette where it can be done, and all of it in the help', async () => {
    const page = await inbox.open('/');
    await page.getByTestId('issue-row').first().waitFor();
    const kept = { 'content-type': 'application/json', origin: inbox.server.url };
    const webhook = {
      name: 'hook',
      kind: 'webhook',
      address: 'https://hooks.example.com/',
      secret: 'x'.repeat(16),
    };
    await page.request.post('/api/v1/receivers', { headers: kept, data: webhook });
    await page.keyboard.press('?');
    const help = new Set(
      await page
        .locator('dialog.help section')
        .evaluateAll((groups) =>
          groups.flatMap((group) =>
            group.querySelector('h3')?.textContent === 'Move'
              ? []
              : [...group.querySelectorAll('dd')].map((words) => words.textContent ?? ''),
          ),
        ),
    );
    await page.keyboard.press('Escape');
    const offered = new Set<string>();
    const collect = async () => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search issues, screens and commands' }).waitFor(PATIENCE);
      const lines = await page.getByRole('option').locator('.cut').allTextContents();
      for (const words of lines) offered.add(words.replace(/^(?:Go to|View) /, ''));
      await page.keyboard.press('Escape');
    };
    // An attack path goes through it, and it is in a cloud.
    await page.route(`**/api/v1/issues/${other.id}`, async (route) => {
      const answer = await route.fetch();
      const issue = await answer.json();
      const resources = issue.resources.map((each: object) => ({
        ...each,
        console: 'https://console.example.com/',
      }));
      await route.fulfill({ response: answer, json: { ...issue, attackPaths: 1, resources } });
    });
    const critical = await inbox.list('--all', '--query', 'severity:critical');
    await visit(page, '/?all=true&severity=critical');
    await page.getByTestId('count').getByText(`${critical.length} issue`).waitFor(PATIENCE);
    await page.keyboard.press('j');
    await page.locator('[data-issue][aria-current="true"]').waitFor(PATIENCE);
    await page.keyboard.press('i');
    await page.getByRole('button', { name: 'Undo' }).waitFor(PATIENCE);
    await collect();
    await page.keyboard.press('u');
    await page.getByText('Assigned to nobody').waitFor(PATIENCE);
    for (const [address, seen] of [
      [`/?issue=${other.id}`, '[aria-label="Run a workflow"]'],
      [`/issues/${path.id}/map`, '[data-testid="map-step"]'],
      ['/automation', '[data-testid="automation"]'],
      ['/sources', '[data-testid="watches"]'],
    ] as const) {
      await visit(page, address);
      await page.locator(seen).first().waitFor(PATIENCE);
      await collect();
    }
    expect([...offered].toSorted()).toEqual([...help].toSorted());
  });

  test('views are chosen, named and left', async () => {
    const page = await inbox.open('/');
    await page.getByTestId('issue-row').first().waitFor();
    await page.keyboard.press('3');
    await expect.poll(() => new URL(page.url()).searchParams.get('q'), PATIENCE).toBe('overdue:yes');
    // The address is there before the page that is drawn from it.
    await page.locator('.views [aria-current="true"]').getByText('Overdue').waitFor(PATIENCE);
    await page.keyboard.press('Backspace');
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('');
    await page.keyboard.press('5');
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('?risk=under_attack');
    await page.keyboard.press('1');
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('');
    await page.getByRole('button', { name: /^Critical/ }).click();
    await page.getByRole('button', { name: 'severity: critical, remove' }).waitFor(PATIENCE);
    await page.keyboard.press('V');
    await page.getByRole('textbox', { name: 'Name of the view' }).fill('The worst of all');
    await page.keyboard.press('Enter');
    await page.keyboard.press('1');
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('worst of');
    await page.getByRole('option', { name: 'The worst of all' }).waitFor(PATIENCE);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('?severity=critical');
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
    // Whoever asked by a button is back at it, whatever became of it.
    const mute = page.locator('.acts').getByRole('button', { name: /^Mute/ });
    await mute.press('Enter');
    await page.getByRole('form', { name: /^Mute / }).waitFor(PATIENCE);
    await page.keyboard.press('Escape');
    await mute.and(page.locator(':focus')).waitFor(PATIENCE);
    await page.keyboard.press('m');
    await page.getByTestId('map-step').first().waitFor(PATIENCE);
    await page.keyboard.press('Escape');
    await page.getByTestId('issue-page').waitFor(PATIENCE);
  });
});

mapInUse(() => ({ inbox, path: path.id, other: other.id }));
keysOfAnIssue(() => ({ inbox, other: other.id }));
paletteInUse(() => inbox, onlyComplaints);
refusedDecisions(() => ({ inbox, other: other.id }), onlyComplaints);
sourcesByKeyboard(() => inbox, onlyComplaints);

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

test('fixes stand in the order of the least work where that is asked for, and it stays in the address', async () => {
  const page = await inbox.open('/fix-first');
  await page.getByTestId('fix').first().waitFor(PATIENCE);
  const cheapest = page.getByRole('button', { name: 'Least work' });
  const answer = page.waitForResponse((response) => response.url().endsWith('fix-plan?order=cheapest'));
  await cheapest.click();
  const plan = fixPlanSchema.parse(await (await answer).json());
  await page.getByRole('heading', { name: /most risk for the work first/ }).waitFor(PATIENCE);
  const fixes = page.getByTestId('fix').getByRole('checkbox');
  const names = () => fixes.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
  await expect.poll(names, PATIENCE).toEqual(plan.items.map(({ gate }) => `Try: ${gate.sentence}`));
  await fixes.first().check();
  await page.reload();
  await expect.poll(() => cheapest.getAttribute('aria-pressed'), PATIENCE).toBe('true');
  await expect.poll(() => page.locator('[data-chosen]').count(), PATIENCE).toBe(1);
  await page.keyboard.press('u');
  await expect.poll(() => new URL(page.url()).search).toBe('?order=cheapest');
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
    await onlyComplaints(/status of 400/);
  });

  test('say in words what kind of thing a resource is', async () => {
    const page = await inbox.open('/resources?type=workload');
    const first = page.getByTestId('row').first();
    await first.waitFor(PATIENCE);
    expect(await first.innerText()).toContain('Workload');
    await page.getByRole('button', { name: /^Workload/, pressed: true }).waitFor(PATIENCE);
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

test('a rule that is not saved yet shows what it matches, what enters, leaves and moves, and the first of them', async () => {
  const page = await inbox.open('/automation?type=inbox&rule=new');
  const editor = page.getByTestId('rule-editor');
  await editor.getByLabel('Name').fill('All that is medium');
  const asked = page.waitForResponse(
    (response) =>
      response.url().endsWith('/preview') && response.request().postData()?.includes('>=medium') === true,
  );
  await editor.getByLabel('When').fill('severity:>=medium');
  const { matches, enter, leave, moved, changed, samples } = rulesPreviewSchema.parse(
    await (await asked).json(),
  );
  const acts = matches.find(({ takenBy }) => takenBy === null);
  expect([acts?.findings, acts?.issues, enter].map((count) => (count ?? 0) > 0)).toEqual([true, true, true]);
  const rest = changed - samples.length;
  const preview = page.getByTestId('rule-preview');
  await expect
    .poll(() => preview.innerText(), PATIENCE)
    .toContain(rest > 0 ? `and ${rest} more` : 'change at all');
  expect(await editor.getByRole('button', { name: 'Save rule' }).isDisabled()).toBe(false);
  await editor.getByLabel('Name').fill('');
  await editor.getByText('It needs a name').waitFor(PATIENCE);
  await expect
    .poll(() => preview.locator('dd').allInnerTexts(), PATIENCE)
    .toEqual([enter, leave, moved, changed].map(String));
  await expect
    .poll(() => preview.innerText(), PATIENCE)
    .toMatch(new RegExp(`It acts on ${acts?.findings} findings? of ${acts?.issues} issues?\\.`));
  expect(await preview.getByRole('link').allInnerTexts()).toEqual(samples.map(({ after }) => after.title));
  const [first] = samples;
  expect(first?.before.place).toBeNull();
  expect(await preview.getByRole('listitem').first().innerText()).toContain(
    `enters at ${first?.after.place}`,
  );
});

test('a rule is written, previewed, saved, ordered by keyboard and by pointer, and removed', async () => {
  const page = await inbox.open('/automation?type=inbox&rule=new');
  const editor = page.getByTestId('rule-editor');
  const write = async (name: string, query: string) => {
    await editor.getByLabel('Name').fill(name);
    await editor.getByLabel('When').fill(query);
    await editor.getByLabel('Reason shown on the issue').fill('It matters here');
    await page.getByTestId('rule-preview').waitFor(PATIENCE);
    await editor.getByRole('button', { name: 'Save rule' }).click();
    await page.locator(`[data-rule]`, { hasText: name }).waitFor(PATIENCE);
    await isAtRest();
  };
  // What is saved is read again, and the editor becomes that of what was saved.
  const isAtRest = () => expect.poll(() => page.locator('[aria-busy="true"]').count(), PATIENCE).toBe(0);
  await write('All of search', 'resource:*search*');
  await page.getByText('Saved: All of search').waitFor(PATIENCE);
  await editor.getByText('Rule all-of-search').waitFor(PATIENCE);
  await page.getByRole('button', { name: 'New rule' }).press('Enter');
  // Whoever works by keys writes at once, and is back where they came from when they leave.
  await editor.getByLabel('Name').and(page.locator(':focus')).waitFor(PATIENCE);
  await page.keyboard.press('Escape');
  await editor.waitFor({ ...PATIENCE, state: 'detached' });
  expect(await page.locator(':focus').innerText()).toBe('New rule');
  await page.keyboard.press('Enter');
  await editor.getByText('New rule').waitFor(PATIENCE);
  await write('All that is critical', 'severity:critical');
  const order = () =>
    page.getByTestId('rule').evaluateAll((rules) => rules.map((rule) => rule.getAttribute('data-rule')));
  expect(await order()).toEqual(['all-of-search', 'all-that-is-critical']);
  await page.getByRole('button', { name: /Move All that is critical/ }).focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(order, PATIENCE).toEqual(['all-that-is-critical', 'all-of-search']);
  await isAtRest();
  await page.getByTestId('rule').nth(1).dragTo(page.getByTestId('rule').nth(0));
  await expect.poll(order, PATIENCE).toEqual(['all-of-search', 'all-that-is-critical']);
  await isAtRest();
  await page.getByRole('button', { name: /Move All of search/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(order, PATIENCE).toEqual(['all-that-is-critical', 'all-of-search']);
  await editor.getByLabel('When').fill('severity:');
  await expect.poll(() => editor.innerText(), PATIENCE).toMatch(/value|expected|after/i);
  await editor.getByRole('button', { name: 'Remove' }).click();
  await expect.poll(order, PATIENCE).toEqual(['all-of-search']);
  // At its place again, by the key that takes back what was just done.
  await page.getByText('Removed: All that is critical').waitFor(PATIENCE);
  await isAtRest();
  await page.keyboard.press('u');
  await page.getByText('As it was: All that is critical').waitFor(PATIENCE);
  await expect.poll(order, PATIENCE).toEqual(['all-that-is-critical', 'all-of-search']);
  await isAtRest();
  await page.getByRole('button', { name: /^All that is critical/ }).click();
  await editor.getByRole('button', { name: 'Remove' }).click();
  await expect.poll(order, PATIENCE).toEqual(['all-of-search']);
  await onlyComplaints(/status of 400/);
}, 60_000);

test('rules of admission are switched and cloned, and the inbox follows', async () => {
  const admitted = async () => (await inbox.list('--query', 'type:attack_path')).length;
  const before = await admitted();
  expect(before).toBeGreaterThan(0);
  const page = await inbox.open('/automation?type=inbox');
  const rule = (title: string) => page.getByTestId('default-rule').filter({ hasText: title });
  const turn = async (title: string, isOn: boolean) => {
    await page.getByRole('switch', { name: `Rule ${title}`, exact: true }).click();
    await page
      .locator(`[role="switch"][aria-checked="${isOn}"][aria-label="Rule ${title}"]:enabled`)
      .waitFor(PATIENCE);
  };
  await rule('Attack paths').waitFor(PATIENCE);
  expect(await page.getByTestId('default-rule').count()).toBe(9);
  await turn('Attack paths', false);
  expect(await admitted()).toBe(0);
  await page.getByRole('button', { name: 'Clone Attack paths' }).click();
  const form = page.getByRole('form', { name: 'Clone of Attack paths' });
  await form.getByLabel('Name').fill('Worst paths');
  await form.getByLabel('All of these hold').fill('critical');
  await form.getByRole('button', { name: 'Make the clone' }).click();
  await form.getByText('The conditions are no JSON list.').waitFor(PATIENCE);
  await form.getByLabel('All of these hold').fill('[{"fact":"severity","atLeast":"low"}]');
  await form.getByRole('button', { name: 'Make the clone' }).click();
  await rule('Worst paths').getByText('A clone of default.attack_path.').waitFor(PATIENCE);
  expect(await admitted()).toBe(before);
  await turn('Worst paths', false);
  expect(await admitted()).toBe(0);
  await turn('Attack paths', true);
  expect(await admitted()).toBe(before);
  await page.getByRole('button', { name: 'Remove Worst paths' }).click();
  await rule('Worst paths').waitFor({ ...PATIENCE, state: 'detached' });
  expect(await page.getByRole('button', { name: 'Remove Attack paths' }).count()).toBe(0);
}, 60_000);

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
  expect(await (await elsewhere.request.get('/api/v1/views')).json()).toEqual({ items: [] });
});
