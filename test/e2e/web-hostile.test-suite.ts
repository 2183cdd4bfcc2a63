import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../support/run-server.ts';
import { DECEIVING, HOSTILE, hostileReport } from './hostile-report.ts';
import { idsOf, inAddress, type WebInbox } from './web-inbox.ts';

/** High enough for every row to be in sight. */
const TALL = { width: 1280, height: 3000 };
const PATIENCE = { timeout: 10_000 };

/** A payload in any field never runs, in the page or in a terminal. */
export function hostileTextIsText(inbox: () => WebInbox): void {
  describe('hostile text', () => {
    test('is shown as text, in the page and in a terminal', async () => {
      const path = join(inbox().folder, 'hostile.json');
      await writeFile(path, JSON.stringify(hostileReport()));
      const { code, stdout } = await runCommand(['import', path, '--data', inbox().data]);
      expect(code).toBe(0);
      const hostile = await inbox().list('--all', '--query', 'hostile');
      expect(hostile).toHaveLength(Object.keys(HOSTILE).length);
      const table = await runCommand(['list', '--all', '--data', inbox().data]);
      const whys = await Promise.all(
        hostile.slice(0, 2).map(({ id }) => runCommand(['why', id, '--data', inbox().data])),
      );
      for (const text of [stdout, table.stdout, ...whys.map((why) => why.stdout)])
        expect(text).not.toMatch(DECEIVING);

      const page = await inbox().open('/?all=true&q=hostile', { viewport: TALL });
      expect(await idsOf(page, hostile.length)).toEqual(hostile.map(({ id }) => id));
      const shown = (text: string) => text.replace(new RegExp(DECEIVING, 'g'), '\uFFFD');
      const titles = await page.locator('[data-testid="issue-row"] .title').allTextContents();
      expect(titles).toEqual(hostile.map(({ title }) => shown(title)));
      expect(titles.join('\n')).toContain(HOSTILE.script);
      const elements = () =>
        page
          .locator(
            '#app :is(script, img, iframe, object, embed, b[onclick], svg[onload], a[href^="javascript:" i])',
          )
          .count();
      for (const { id } of hostile) {
        await page.locator(`[data-issue="${id}"]`).click();
        await page.locator(`[data-about="${id}"]`).waitFor(PATIENCE);
        await inAddress(page, 'issue', id);
        for (const finding of await page.getByTestId('finding').locator('summary').all())
          await finding.click();
        expect(await elements()).toBe(0);
      }
      // What the server would let through is replaced where answers are read.
      await page.route('**/api/v1/issues?*', async (route) => {
        const answer = await route.fetch();
        const body = (await answer.text()).replaceAll('"title":"', '"title":"\\u202E');
        await route.fulfill({ response: answer, body });
      });
      await page.goto('/?all=true&q=hostile');
      await idsOf(page, hostile.length);
      expect(await page.locator('[data-testid="issue-row"] .title').allTextContents()).toEqual(
        titles.map((title) => `\uFFFD${title}`),
      );
      await page.goto('/sources');
      await page.getByTestId('source').first().waitFor();
      expect(await elements()).toBe(0);
      const answer = await page.request.get('/');
      expect(answer.headers()['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self';/,
      );
    });
  });
}
