/**
 * Draws the web app over the demo estate, light and dark: without an argument the pictures of the documentation, into
 * `docs/images`; with a folder every screen at six widths, into that. The demo's times are relative, so the pictures
 * change only when the product does.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import type { IssueRow } from '../src/contract/issue.ts';
import { makeScratch, runJson, startServer } from '../test/support/run-server.ts';
import { launchBrowser } from './browser.ts';

interface Screen {
  readonly name: string;
  readonly address: string;
  /** Test id of what is there once the screen is full. */
  readonly seen: string;
  /** Keys that are pressed then. */
  readonly keys?: readonly string[];
  /** It stands in the documentation. */
  readonly isShown?: true;
}

function screensOf(issue: string, path: string, fix: string): readonly Screen[] {
  return [
    { name: 'inbox', address: `/?issue=${issue}`, seen: 'rank-sentence', isShown: true },
    { name: 'list', address: '/', seen: 'issue-row' },
    { name: 'groups', address: '/?by=fix', seen: 'group-head', isShown: true },
    { name: 'export', address: '/', seen: 'issue-row', keys: ['Shift+E'] },
    { name: 'issue', address: `/issues/${issue}`, seen: 'rank-sentence', isShown: true },
    { name: 'map', address: `/issues/${path}/map`, seen: 'map-step', isShown: true },
    { name: 'map-text', address: `/issues/${path}/map?as=text`, seen: 'map-text' },
    { name: 'surroundings', address: `/issues/${issue}/map`, seen: 'map-picture' },
    { name: 'paths', address: '/paths', seen: 'path', isShown: true },
    {
      name: 'fix-first',
      address: `/fix-first?cut=${encodeURIComponent(fix)}`,
      seen: 'changes',
      isShown: true,
    },
    { name: 'findings', address: '/findings', seen: 'row', isShown: true },
    { name: 'resources', address: '/resources?risk=in_production', seen: 'row', isShown: true },
    { name: 'signals', address: '/signals', seen: 'row', isShown: true },
    { name: 'advisories', address: '/advisories', seen: 'row', isShown: true },
    { name: 'automation', address: '/automation?type=inbox', seen: 'default-rule', isShown: true },
    { name: 'rule', address: '/automation?type=inbox&rule=new', seen: 'rule-editor' },
    { name: 'rules-file', address: '/automation?as=file', seen: 'automation' },
    { name: 'receivers', address: '/automation?as=receivers', seen: 'receivers', isShown: true },
    { name: 'sources', address: '/sources', seen: 'missing', isShown: true },
    { name: 'overview', address: '/overview', seen: 'funnel', isShown: true },
    { name: 'palette', address: '/', seen: 'issue-row', keys: ['Control+k'] },
    { name: 'help', address: '/', seen: 'issue-row', keys: ['?'] },
  ];
}

/** Where they are not 900: a phone, a tablet, 4K. */
const HEIGHTS: Readonly<Record<number, number>> = { 360: 800, 768: 1024, 3840: 2160 };

const [folder] = process.argv.slice(2);
const images = folder === undefined ? resolve(import.meta.dirname, '../docs/images') : resolve(folder);
const widths = folder === undefined ? [1440] : [360, 768, 1280, 1440, 1920, 3840];

const scratch = await makeScratch();
const data = join(scratch.folder, 'demo');
const server = await startServer(['--demo', '--data', data]);
const browser = await launchBrowser();

/** Goes there once; a width and a theme are then changed in the page, as a person would. */
async function draw(page: Page, { name, address, seen, keys = [] }: Screen): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(address);
  await page.getByTestId(seen).first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.evaluate('document.fonts.ready');
  for (const key of keys) await page.keyboard.press(key);
  for (const width of widths) {
    await page.setViewportSize({ width, height: HEIGHTS[width] ?? 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(
        'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))',
      );
      const file =
        folder === undefined ? `${name}-${colorScheme}.png` : `${name}-${width}-${colorScheme}.png`;
      await page.screenshot({ path: join(images, file) });
      console.log(join(images, file));
    }
  }
}

try {
  const list = (query: string) =>
    runJson<readonly IssueRow[]>(['list', '--limit', '1', '--query', query, '--data', data]);
  const plan = await runJson<readonly { readonly gate: { readonly id: string } }[]>([
    'paths',
    'fix-plan',
    '--data',
    data,
  ]);
  const [[issue], [path]] = await Promise.all([list('type:library'), list('type:attack_path')]);
  const fix = plan[0]?.gate.id;
  if (issue === undefined || path === undefined || fix === undefined)
    throw new Error('The demo has no issue, attack path or fix to draw.');
  await mkdir(images, { recursive: true });
  const page = await browser.newPage({ baseURL: server.url, reducedMotion: 'reduce' });
  await page.goto(server.link);
  await page.getByTestId('count').waitFor();
  for (const screen of screensOf(issue.id, path.id, fix))
    if (folder !== undefined || screen.isShown) await draw(page, screen);
} finally {
  await browser.close();
  await server.stop();
  await scratch.remove();
}
