import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { barriers } from './barriers.ts';
import { BEYOND_WINDOW, type WebInbox } from './web-inbox.ts';

const PATIENCE = { timeout: 10_000 };

/** Of each screen, its address and what is there once it is full. */
const SCREENS: readonly (readonly [address: string, seen: string])[] = [
  ['/', '[data-testid="issue-row"]'],
  ['/?all=true&issue=:path', '[data-testid="issue-panel"] [data-testid="rank-sentence"]'],
  ['/?by=fix', '[data-testid="group-head"]'],
  ['/sources', '[data-testid="source"]'],
  ['/issues/:other', '[data-testid="issue-page"] [data-testid="upgrade"]'],
  ['/issues/:path/map', '[data-testid="map-step"]'],
  ['/issues/:path/map?as=text', '[data-testid="map-text"]'],
  ['/issues/:other/map', '[data-testid="map-picture"]'],
  ['/paths', '[data-testid="path"]'],
  ['/fix-first', '[data-testid="fix"]'],
  ['/findings?severity=critical', '[data-testid="findings"] [data-testid="row"]'],
  ['/resources?risk=in_production', '[data-testid="resources"] [data-testid="row"]'],
  ['/signals', '[data-testid="signals"] [data-testid="row"]'],
  ['/advisories?severity=critical', '[data-testid="advisories"] [data-testid="row"]'],
  ['/overview', '[data-testid="paths-cut"]'],
  ['/automation?type=inbox&rule=new', '[data-testid="rule-editor"]'],
  ['/automation?as=receivers', '.receiver-form'],
];

/** Those that are looked at in both themes and both widths: between them they hold every kind of thing. */
const ALL_WAYS = new Set(['/', '/?all=true&issue=:path', '/sources']);

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 800 };
/** A tablet, a wall, and laptops that are low or enlarged twice and four times (WCAG 1.4.10). */
const WINDOWS = [
  NARROW,
  { width: 768, height: 1024 },
  { width: 3840, height: 2160 },
  { width: 1280, height: 360 },
  { width: 640, height: 360 },
  { width: 320, height: 256 },
  WIDE,
];

/** The height of a row of the list, at its usual density. */
const ROW = 40;
/** Cells of rows of the list that lie over the next cell of their row. */
const OVERLAPS = `[...document.querySelectorAll('[data-testid="issue-row"]')].flatMap((row) => {
  const cells = [...row.children].map((cell) => [cell.className, cell.getBoundingClientRect()]).filter(([, box]) => box.width > 0);
  return cells.filter(([, box], at) => cells[at + 1]?.[1].left < box.left + Math.max(box.width, row.children[at].scrollWidth)).map(([name]) => name);
})`;

/** What a pointer does and no key gets to. Rows of the list answer the keys of the page. */
const BEYOND_KEYS = `[...document.querySelectorAll('#app *')]
  .filter((each) => getComputedStyle(each).cursor === 'pointer' || each.matches('a[href], button, input, select, textarea'))
  .filter((each) => !each.closest('a[href], button, input, select, textarea, summary, label, [role="button"], [role="row"], [role="option"]') || each.tabIndex < 0 && each.matches('a[href], button, input, select, textarea, [role="button"]'))
  .map((each) => each.outerHTML.slice(0, 120))`;

/** Every screen as a person meets it: in each width and height, theme, and with the colours of the system. */
export function everyScreen(
  world: () => { readonly inbox: WebInbox; readonly path: string; readonly other: string },
): void {
  const addressOf = (screen: string) =>
    screen.replace(':path', world().path).replace(':other', world().other);
  /** Goes there as a link of the page does: what is loaded stays. */
  async function visit(page: Page, screen: string): Promise<void> {
    await page.evaluate(`history.pushState(null, '', ${JSON.stringify(addressOf(screen))})`);
  }

  describe('every screen', () => {
    test('is readable without a barrier, and as large as the window, which never scrolls as a whole', async () => {
      const page = await world().inbox.open('/', {
        viewport: WIDE,
        colorScheme: 'dark',
        reducedMotion: 'reduce',
      });
      const grounds = new Set<unknown>();
      for (const [screen, seen] of SCREENS) {
        await visit(page, screen);
        await page.locator(seen).first().waitFor({ timeout: 30_000 });
        expect(await barriers(page, ALL_WAYS.has(screen) ? 'everything' : 'wcag'), screen).toEqual([]);
        expect(await page.evaluate(BEYOND_KEYS), screen).toEqual([]);
        grounds.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
        if (ALL_WAYS.has(screen)) {
          await page.emulateMedia({ colorScheme: 'light' });
          expect(await barriers(page, 'theme'), `${screen}, light`).toEqual([]);
          grounds.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
          await page.setViewportSize(NARROW);
          await page.locator(seen).first().waitFor(PATIENCE);
          expect(await barriers(page, 'width'), `${screen}, narrow`).toEqual([]);
          await page.emulateMedia({ colorScheme: 'dark' });
        }
        for (const viewport of WINDOWS) {
          await page.setViewportSize(viewport);
          const { width, height } = viewport;
          expect(await page.evaluate(BEYOND_WINDOW), `${screen}, ${width} x ${height}`).toEqual([0, 0]);
        }
      }
      expect(grounds.size).toBe(2);
    }, 300_000);

    test('is for larger text what it is enlarged as a whole: all measures grow with the text', async () => {
      const page = await world().inbox.open('/', { viewport: WIDE, reducedMotion: 'reduce' });
      const browser = await page.context().newCDPSession(page);
      for (const [screen, seen] of SCREENS) {
        await visit(page, screen);
        await page.locator(seen).first().waitFor(PATIENCE);
        await browser.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
        const inSight = page.locator(seen).first();
        await inSight.waitFor(PATIENCE);
        expect(await page.evaluate(BEYOND_WINDOW), screen).toEqual([0, 0]);
        // As in a window of half the width, below everything.
        expect((await page.locator('.rail').boundingBox())?.width, screen).toBe(WIDE.width);
        if (seen.includes('issue-row')) {
          await expect.poll(async () => (await inSight.boundingBox())?.height, PATIENCE).toBe(2 * ROW);
          expect(await page.evaluate(OVERLAPS), screen).toEqual([]);
          // The next row begins where this one ends.
          const [first, next] = await page.locator(seen).all();
          const from = (await first?.boundingBox())?.y ?? 0;
          expect(((await next?.boundingBox())?.y ?? 0) - from).toBe(2 * ROW);
        }
        await browser.send('Page.setFontSizes', { fontSizes: { standard: 16, fixed: 13 } });
      }
    }, 120_000);

    test('has in a small window what was opened, in reach, and under it nothing that takes the focus', async () => {
      const page = await world().inbox.open('/', { viewport: { width: 320, height: 360 } });
      await page.getByTestId('issue-row').first().waitFor(PATIENCE);
      const isSeen = async (what: Locator) => {
        const { x, y, ...size } = (await what.boundingBox()) ?? { x: -1, y: -1, width: 0, height: 0 };
        const { width, height } = page.viewportSize() ?? WIDE;
        expect(x >= 0 && x + size.width <= width && y >= 0 && y + size.height <= height).toBe(true);
        expect(await page.evaluate(BEYOND_WINDOW)).toEqual([0, 0]);
      };
      // All that can be done to what is selected, and not only what fits beside each other.
      for (const key of ['j', 'x']) await page.keyboard.press(key);
      const bar = page.getByTestId('selection');
      await bar.waitFor();
      for (const button of await bar.getByRole('button').all()) await isSeen(button);
      await page.keyboard.press('Escape');
      const search = page.getByRole('searchbox', { name: /^Search in/ });
      await page.keyboard.press('f');
      await page.getByRole('button', { name: 'All issues' }).waitFor(PATIENCE);
      expect(await search.isVisible()).toBe(false);
      await page.keyboard.press('f');
      await search.waitFor();
      for (const key of ['Control+k', '?', 'Shift+E']) {
        await page.keyboard.press(key);
        await isSeen(page.getByRole('dialog'));
        await page.keyboard.press('Escape');
      }
      await page.keyboard.press('Enter');
      await page.getByTestId('rank-sentence').waitFor(PATIENCE);
      expect(await search.isVisible()).toBe(false);
      await page.keyboard.press('e');
      await isSeen(page.getByRole('button', { name: 'Mute', exact: true }).last());
      for (let times = 0; times < 2; times++) await page.keyboard.press('Escape');
      await search.waitFor();
      // On a map of many things, the one that the keyboard stops at, and what is told of it.
      await visit(page, '/issues/:path/map');
      const card = page.locator('.card').last();
      await card.waitFor(PATIENCE);
      for (const viewport of [
        { width: 320, height: 640 },
        { width: 1280, height: 360 },
      ]) {
        await page.setViewportSize(viewport);
        await page.keyboard.press('Tab');
        await card.focus();
        await expect
          .poll(async () => (await card.boundingBox())?.x, PATIENCE)
          .toBeLessThan(viewport.width - 100);
        await page.keyboard.press('Enter');
        await isSeen(page.getByTestId('node-facts').getByRole('heading'));
        await page.keyboard.press('Escape');
      }
    });

    test('can be read with the colours of the system alone, and moves nothing where nothing is to move', async () => {
      const page = await world().inbox.open('/', {
        viewport: WIDE,
        forcedColors: 'active',
        reducedMotion: 'reduce',
      });
      await page.getByTestId('issue-row').first().waitFor(PATIENCE);
      const bars = await page.evaluate(
        `[...document.querySelectorAll('.row')].slice(0, 3).map((row) => getComputedStyle(row, '::before').backgroundColor)`,
      );
      // The system's own ground is what it would be painted over with.
      const ground = await page.evaluate(`getComputedStyle(document.documentElement).backgroundColor`);
      for (const nothing of ['rgba(0, 0, 0, 0)', 'rgb(255, 255, 255)', ground])
        expect(bars as readonly string[]).not.toContain(nothing);
      // What is selected and what is on are told by more than a ground.
      for (const key of ['j', 'x']) await page.keyboard.press(key);
      await page.getByTestId('selection').waitFor();
      expect(
        await page.evaluate(`getComputedStyle(document.querySelector('[data-picked]')).outlineStyle`),
      ).toBe('dotted');
      await visit(page, '/automation?type=inbox');
      await page.getByRole('switch').first().waitFor(PATIENCE);
      const switches = await page.evaluate(
        `[...document.querySelectorAll('[role="switch"][aria-checked="true"]')].map((each) => getComputedStyle(each, '::before').backgroundColor)`,
      );
      expect((switches as readonly string[]).length).toBeGreaterThan(0);
      expect(switches).not.toContain(ground);
      const moving = await page.evaluate(
        `[...document.querySelectorAll('*')].filter((each) => getComputedStyle(each).transitionDuration.split(', ').some((time) => parseFloat(time) > 0.01)).length`,
      );
      expect(moving).toBe(0);
    });

    test('is in the theme that a person chooses, which this browser keeps', async () => {
      const page = await world().inbox.open('/', { colorScheme: 'light' });
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
  });
}
