/**
 * How long the web app takes over a data folder: `node bin/launch.mjs --run tools/bench-web.ts FOLDER`. The first page from
 * the click on a link to the first row that is drawn, keys and choices from the press to the next picture, and a walk down
 * the list with the pictures that were dropped on the way. Times are of this machine; it prints them, and judges none.
 */
import type { Page } from 'playwright-core';
import { startServer } from '../test/support/run-server.ts';
import { launchBrowser } from './browser.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name a data folder.');
const ROUNDS = 9;

const server = await startServer(['--data', folder]);
const browser = await launchBrowser();

function middle(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] as number);
  return `median ${at(0.5)} ms, 9 of 10 within ${at(0.9)} ms`;
}

async function rounds(name: string, measure: () => Promise<number>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await measure());
  console.log(`${name}: ${middle(times)}`);
}

/** From a key to the next picture, by the clock of the page. */
async function pressed(page: Page, key: string): Promise<number> {
  await page.evaluate(`void (window.told = new Promise((tell) => addEventListener('keydown', (event) => {
    requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => tell(performance.now() - event.timeStamp); channel.port2.postMessage(0); });
  }, { once: true, capture: true })))`);
  await page.keyboard.press(key);
  return (await page.evaluate('window.told')) as number;
}

/** From a choice until the list shows another count. */
async function chosen(page: Page, name: RegExp): Promise<number> {
  const choice = page.getByRole('button', { name }).first();
  await choice.evaluate(`(button) => {
    const count = document.querySelector('[data-testid="count"]');
    window.told = new Promise((tell) => {
      const begun = performance.now();
      const watch = new MutationObserver(() => { watch.disconnect(); requestAnimationFrame(() => tell(performance.now() - begun)); });
      watch.observe(count, { characterData: true, childList: true, subtree: true });
    });
    button.click();
  }`);
  return (await page.evaluate('window.told')) as number;
}

try {
  const page = await browser.newPage({ baseURL: server.url, viewport: { width: 1440, height: 900 } });
  await page.goto(server.link);
  await page.getByTestId('issue-row').first().waitFor();
  console.log(await page.getByTestId('count').innerText());
  // By the clock of the page: what asks for it from outside waits for its turn.
  await page.addInitScript(`window.drawn = new Promise((tell) => {
    const watch = new MutationObserver(() => {
      if (document.querySelector('[data-testid="issue-row"]') === null) return;
      watch.disconnect();
      requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => tell(performance.now()); channel.port2.postMessage(0); });
    });
    watch.observe(document, { childList: true, subtree: true });
  })`);
  await rounds('first page, everything kept by the browser', async () => {
    await page.goto('/not-there');
    await page.goto('/?all=true', { waitUntil: 'commit' });
    return (await page.evaluate('window.drawn')) as number;
  });
  await rounds('j', () => pressed(page, 'j'));
  await rounds('Enter and Esc, the panel', async () => {
    const time = await pressed(page, 'Enter');
    await pressed(page, 'Escape');
    return time;
  });
  await rounds('x, select', () => pressed(page, 'x'));
  await page.keyboard.press('Escape');
  await rounds('a choice of the facets, to the new count', () => chosen(page, /^High/));
  for (const path of [
    'issues',
    'issues?all=true&query=openssl',
    'overview',
    'missing',
    'findings',
    'sources',
  ])
    await rounds(`/api/v1/${path}`, async () => {
      const begun = performance.now();
      await (await page.request.get(`/api/v1/${path}`)).body();
      return performance.now() - begun;
    });
  await page.goto('/?all=true');
  await page.getByTestId('issue-row').first().waitFor();
  const walk = (await page.evaluate(`new Promise((tell) => {
    const box = document.querySelector('.list [role="grid"]')?.closest('.scroll') ?? document.querySelector('.list .scroll');
    const times = []; let empty = 0; let before = performance.now(); const begun = before;
    const step = (now) => {
      times.push(now - before); before = now;
      const middle = box.getBoundingClientRect(); 
      if (!document.elementFromPoint(middle.left + 200, middle.top + middle.height / 2)?.closest('[data-testid="issue-row"]')) empty++;
      box.scrollTop += 120;
      if (now - begun < 10000) requestAnimationFrame(step); else tell({ times, empty, rows: Math.round(box.scrollTop / 40) });
    };
    requestAnimationFrame(step);
  })`)) as { times: number[]; empty: number; rows: number };
  const late = walk.times.filter((time) => time > 34).length;
  console.log(
    `10 s down the list, 3 rows a picture: ${walk.rows} rows, ${walk.times.length} pictures, ${late} later than 34 ms, ${walk.empty} without a row in the middle`,
  );
} finally {
  await browser.close();
  await server.stop();
}
