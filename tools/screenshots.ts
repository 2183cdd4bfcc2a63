/**
 * Draws `docs/images/inbox-light.png` and `inbox-dark.png`: the demo's inbox with its first issue open. The
 * demo's times are relative, so the pictures change only when the product does.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { IssueRow } from '../src/contract/issue.ts';
import { makeScratch, runJson, startServer } from '../test/support/run-server.ts';
import { launchBrowser } from './browser.ts';

const IMAGES = resolve(import.meta.dirname, '../docs/images');

const scratch = await makeScratch();
const data = join(scratch.folder, 'demo');
const server = await startServer(['--demo', '--data', data]);
const browser = await launchBrowser();
try {
  const [issue] = await runJson<readonly IssueRow[]>(['list', '--limit', '1', '--data', data]);
  if (issue === undefined) throw new Error('The inbox of the demo is empty.');
  await mkdir(IMAGES, { recursive: true });
  const page = await browser.newPage({
    baseURL: server.url,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  await page.goto(server.link);
  await page.getByTestId('count').waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(`/?issue=${issue.id}`);
    await page.getByTestId('rank-sentence').waitFor();
    await page.locator(`[data-issue="${issue.id}"]`).waitFor();
    await page.waitForLoadState('networkidle');
    await page.evaluate('document.fonts.ready');
    const path = join(IMAGES, `inbox-${colorScheme}.png`);
    await page.screenshot({ path });
    console.log(path);
  }
} finally {
  await browser.close();
  await server.stop();
  await scratch.remove();
}
