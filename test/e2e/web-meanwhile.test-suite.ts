import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../support/run-server.ts';
import type { WebInbox } from './web-inbox.ts';

const PATIENCE = { timeout: 10_000 };

/** What becomes of a list that somebody looks at while reports come. */
export function whatComesMeanwhile(inbox: () => WebInbox): void {
  describe('what comes meanwhile', () => {
    /** Reports of flaws that were not known before, each critical. */
    const come = async (name: string, count: number) => {
      const path = join(inbox().folder, `${name}.json`);
      const vulnerabilities = Array.from({ length: count }, (_, index) => ({
        VulnerabilityID: `CVE-2026-${name.length}${5_000 + index}`,
        PkgName: `${name}-${index}`,
        InstalledVersion: '1.0.0',
        Severity: 'CRITICAL',
        Title: `Came meanwhile, ${name} ${index}`,
      }));
      const result = {
        Target: 'package-lock.json',
        Class: 'lang-pkgs',
        Type: 'npm',
        Vulnerabilities: vulnerabilities,
      };
      await writeFile(
        path,
        JSON.stringify({
          SchemaVersion: 2,
          ArtifactName: name,
          ArtifactType: 'filesystem',
          Results: [result],
        }),
      );
      await runCommand(['import', path, '--data', inbox().data]);
    };

    test('moves no row of a list that somebody scrolled when a line above it comes late, in a low window too', async () => {
      const page = await inbox().open('about:blank', { viewport: { width: 1280, height: 500 } });
      const answered = Promise.withResolvers<void>();
      await page.route('**/api/v1/sources', async (route) => {
        await answered.promise;
        await route.continue();
      });
      await page.goto(`${inbox().server.url}/?all=true`);
      await page.getByTestId('issue-row').first().waitFor();
      await page.keyboard.press('End');
      const current = page.locator('[data-issue][aria-current="true"]');
      const bottom = () => current.boundingBox().then((box) => box && box.y + box.height);
      await expect.poll(bottom, PATIENCE).toBeLessThanOrEqual(500);
      const before = await current.boundingBox();
      answered.resolve();
      await page.getByTestId('overdue').waitFor();
      expect(await current.boundingBox()).toEqual(before);
      // The page itself does not scroll: what does not fit scrolls where it is.
      expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(500);
    });

    test('is a count beside a row that somebody looks at, which stays where it is, and the list itself where nobody does', async () => {
      const page = await inbox().open('/?all=true', { viewport: { width: 1280, height: 500 } });
      await page.clock.install();
      await page.reload();
      await page.getByTestId('issue-row').first().waitFor();
      await page.keyboard.press('End');
      const current = page.locator('[data-issue][aria-current="true"]');
      await page.getByTestId('overdue').waitFor();
      const shown = () => Promise.all([current.getAttribute('data-issue'), current.boundingBox()]);
      const before = await shown();
      await come('one', 3);
      await page.clock.fastForward(20_000);
      const notice = page.getByRole('button', { name: '3 new' });
      await notice.waitFor(PATIENCE);
      expect(await shown()).toEqual(before);
      await notice.click();
      await notice.waitFor({ state: 'detached' });
      // The last row has three more above it, is where it was, and says where it stood.
      await expect.poll(() => current.innerText(), PATIENCE).toMatch(/was \d+/);
      expect(await shown()).toEqual(before);
      await page.clock.fastForward(10_000);
      await expect.poll(() => current.innerText(), PATIENCE).not.toMatch(/was \d+/);
      await page.reload();
      await page.getByTestId('issue-row').first().waitFor();
      await come('two', 1);
      await page.clock.fastForward(20_000);
      const all = await inbox().list('--all');
      await expect.poll(() => page.getByTestId('count').innerText(), PATIENCE).toBe(`${all.length} issues`);
    });
  });
}
