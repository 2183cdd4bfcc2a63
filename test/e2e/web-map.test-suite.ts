import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { IssueDetail } from '../../src/contract/issue-detail.ts';
import { DEMO_WORKLOADS } from '../support/demo-files.ts';
import { runCommand } from '../support/run-server.ts';
import type { WebInbox } from './web-inbox.ts';

const PATIENCE = { timeout: 10_000 };

/** The map of an attack path and of what is around an issue: as picture, as text, as file, and after a cut. */
export function mapInUse(
  world: () => { readonly inbox: WebInbox; readonly path: string; readonly other: string },
): void {
  describe('the map', () => {
    const steps = (page: Page) => page.getByTestId('map-step');

    test('tells in words what it draws, and what a cut does to it', async () => {
      const page = await world().inbox.open(`/issues/${world().path}/map`);
      await steps(page).first().waitFor();
      const cards = page.locator('[data-node]');
      const names = await cards.evaluateAll((each) =>
        each.map((card) => card.querySelector('title')?.textContent),
      );
      const lanes = await page.locator('.picture .lane').allTextContents();
      const outcome = page.getByTestId('outcome');
      // What to fix first is said before anything is tried, and is tried from there.
      const first = outcome.getByRole('button');
      expect(await outcome.innerText()).toContain('Fix first');
      const best = (await first.innerText()).trim();
      const told = await (await page.request.get(`/api/v1/issues/${world().path}`)).json();
      expect(best.toLowerCase()).toBe((told as IssueDetail).attackPath?.fixes[0]?.sentence.toLowerCase());
      await first.press('Enter');
      await expect.poll(() => outcome.innerText(), PATIENCE).toContain('With 1 cut');
      expect(await page.locator('.cutline[aria-pressed="true"]').allInnerTexts()).toEqual([
        expect.stringContaining(best),
      ]);
      await page.keyboard.press('u');
      const gate = page.locator('.cutline').first();
      await gate.focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => outcome.innerText(), PATIENCE).toContain('With 1 cut');
      await page.getByTestId('changes').waitFor(PATIENCE);
      expect(new URL(page.url()).searchParams.get('cut')).not.toBeNull();
      expect(await page.locator('.card.gone').count()).toBeGreaterThan(0);
      await page.reload();
      await expect.poll(() => outcome.innerText(), PATIENCE).toContain('With 1 cut');
      await page.keyboard.press('u');
      await expect.poll(() => outcome.innerText(), PATIENCE).toContain('Fix first');
      // On the picture too.
      await page.locator('.picture .gate').first().focus();
      await page.keyboard.press('Space');
      await expect.poll(() => outcome.innerText(), PATIENCE).toContain('With 1 cut');
      await page.locator('.picture .gate').first().press('Enter');
      await expect.poll(() => outcome.innerText(), PATIENCE).toContain('Fix first');
      await page.keyboard.press('v');
      const text = await page.getByTestId('map-text').innerText();
      for (const line of names.flatMap((name) => name?.split('\n') ?? [])) expect(text).toContain(line);
      expect(await page.getByTestId('map-text').getByRole('heading').allTextContents()).toEqual(lanes);
    });

    test('says what data is in reach as people call it', async () => {
      const page = await world().inbox.open('/not-there');
      await page.route('**/blast-radius?*', async (route) => {
        const answer = await route.fetch();
        const byDataType = [{ name: 'pii', targets: 2 }];
        await route.fulfill({ response: answer, json: { ...(await answer.json()), byDataType } });
      });
      await page.goto(`/issues/${world().path}/map`);
      await page.getByText('personal data (2)').waitFor(PATIENCE);
    });

    test('zooms, moves and is saved by what is in the page alone', async () => {
      const page = await world().inbox.open(`/issues/${world().path}/map`);
      await steps(page).first().waitFor();
      // What is at stake stands below the picture, which is smaller from then on.
      await page.getByLabel('What is at stake').getByText('Teams').waitFor(PATIENCE);
      const drawn = page.locator('.picture > g');
      const before = await drawn.getAttribute('transform');
      await page.keyboard.press('=');
      await expect.poll(() => drawn.getAttribute('transform')).not.toBe(before);
      await page.locator('.canvas').focus();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('0');
      await expect.poll(() => drawn.getAttribute('transform')).toBe(before);
      const sizes: (readonly [width: number, height: number])[] = [];
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
        if (kind === 'SVG') {
          const text = content.toString();
          expect(text).not.toMatch(/href="|var\(|class="/);
          for (const name of await page.locator('[data-node] title').allTextContents())
            expect(text).toContain(name.replace(/&/g, '&amp;'));
          const size = (of: string) => Number(new RegExp(`^<svg[^>]* ${of}="([\\d.]+)"`).exec(text)?.[1]);
          sizes.push([size('width'), size('height')]);
        } else sizes.push([content.readUInt32BE(16), content.readUInt32BE(20)]);
      }
      // Twice as sharp as a page, and all of the map.
      const [[width, height] = [0, 0], png] = sizes;
      expect(width).toBeGreaterThan(100);
      expect(png).toEqual([Math.trunc(width) * 2, Math.trunc(height) * 2]);
    });

    test('leaves out what is too much, and says how much that is', async () => {
      const { inbox, other } = world();
      const report = join(inbox.folder, 'many-pods.json');
      const asked = await (await inbox.open('/sign-in')).request.get(`/api/v1/issues/${other}`);
      const [resource] = ((await asked.json()) as IssueDetail).resources;
      // Of the demo, what runs the image that the issue is on; and seventy like it.
      const { items } = JSON.parse(await readFile(DEMO_WORKLOADS, 'utf8'));
      const pod = items.find(
        (item: object) => 'status' in item && JSON.stringify(item).includes(`/${resource?.name}:`),
      );
      const pods = Array.from({ length: 70 }, (_, index) => ({
        ...pod,
        metadata: { name: `many-${index}`, namespace: 'many' },
      }));
      await writeFile(report, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods }));
      const { code, stdout } = await runCommand([
        'import',
        report,
        '--scope',
        'cluster=many',
        '--data',
        inbox.data,
      ]);
      expect(code, stdout).toBe(0);
      const page = await inbox.open(`/issues/${other}/map`);
      await page.getByTestId('map-picture').waitFor(PATIENCE);
      const shown = await page.locator('[data-node]').count();
      expect(shown).toBe(60);
      const [, all] = /60 of (\d+) things/.exec(await page.locator('main > header').innerText()) ?? [];
      expect(Number(all)).toBeGreaterThan(70);
      const said = page.getByTestId('left-out');
      expect(await said.innerText()).toBe(`60 are shown; ${Number(all) - 60} things more are left out.`);
      await page.keyboard.press('v');
      await page.getByTestId('map-text').waitFor(PATIENCE);
      await page.setViewportSize({ width: 360, height: 800 });
      expect(await said.isVisible()).toBe(true);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    });
  });
}
