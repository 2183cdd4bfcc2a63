import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { IssueRow } from '../../src/contract/issue.ts';
import { launchBrowser } from '../../tools/browser.ts';
import { startReadyDatabase } from '../support/ready-cluster.ts';
import { makeScratch, type RunningServer, runCommand, runJson, startServer } from '../support/run-server.ts';

/** What a page of the web app must never do, as far as the pages since the last time did it. */
export interface Misdeeds {
  /** Addresses outside its origin that it asked for. */
  readonly strayed: string[];
  /** Errors of its scripts and of its console, refusals of the content security policy among them. */
  readonly complaints: string[];
  /** What it asked in dialogs, each dismissed. */
  readonly dialogs: string[];
}

export const NO_MISDEEDS: Misdeeds = { strayed: [], complaints: [], dialogs: [] };

/** Asks a page how many pixels the document could be scrolled, across and down: what does not fit scrolls where it is. */
export const BEYOND_WINDOW = `[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]`;

/** How a page is looked at. */
export interface Look {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce';
  readonly forcedColors?: 'active';
}

/** A server with reports in it, and a browser in front. */
export interface WebInbox {
  readonly server: RunningServer;
  readonly data: string;
  /** A folder for files of the tests. */
  readonly folder: string;
  /** A page of somebody who signed in. */
  open(address: string, look?: Look): Promise<Page>;
  /** A page of somebody whom the server does not know. */
  openSignedOut(address: string): Promise<Page>;
  /** The same of another server, in the same browser. */
  openOf(server: RunningServer, address: string, look?: Look): Promise<Page>;
  /** What `list --json` prints with these flags. */
  list(...flags: readonly string[]): Promise<readonly IssueRow[]>;
  /** Closes the pages, and answers what they did that they must not. */
  closePages(): Promise<Misdeeds>;
  close(): Promise<void>;
}

export async function openWebInbox(reports: readonly string[]): Promise<WebInbox> {
  const scratch = await makeScratch();
  const data = join(scratch.folder, 'data');
  const database = await startReadyDatabase(data);
  const [server, browser] = await Promise.all([startServer(['--data', data]), launchBrowser()]);
  if (reports.length > 0) await runCommand(['import', '--separate', '--data', data, ...reports]);
  const pages: Page[] = [];
  const strangers: BrowserContext[] = [];
  let misdeeds = structuredClone(NO_MISDEEDS);

  /** Of all its pages, those among them that a page opens by itself. */
  function watchRequests(context: BrowserContext, { url }: RunningServer): void {
    context.on('request', (request) => {
      if (new URL(request.url()).origin !== url) misdeeds.strayed.push(request.url());
    });
  }
  async function openPage(context: BrowserContext, address: string, look: Look = {}): Promise<Page> {
    const page = await context.newPage();
    pages.push(page);
    watch(page, misdeeds);
    const { viewport, ...media } = look;
    if (viewport !== undefined) await page.setViewportSize(viewport);
    if (Object.keys(media).length > 0) await page.emulateMedia(media);
    await page.goto(address);
    return page;
  }
  /** A browser of somebody else, who is gone with the page. */
  async function openStranger(of: RunningServer, address: string, look?: Look): Promise<Page> {
    const context = await browser.newContext({ baseURL: of.url });
    strangers.push(context);
    watchRequests(context, of);
    return openPage(context, address, look);
  }
  async function closePages(): Promise<Misdeeds> {
    // What a page keeps in its browser is not there for the next test.
    await pages.find((page) => page.context() === member)?.evaluate('localStorage.clear()');
    await Promise.all(pages.splice(0).map((page) => page.close()));
    await Promise.all(strangers.splice(0).map((context) => context.close()));
    const seen = misdeeds;
    misdeeds = structuredClone(NO_MISDEEDS);
    return seen;
  }

  // One for all who signed in: their pages share what was fetched and compiled once.
  const member = await signIn(browser, server);
  watchRequests(member, server);
  return {
    server,
    data,
    folder: scratch.folder,
    open: (address, look) => openPage(member, address, look),
    openSignedOut: (address) => openStranger(server, address),
    openOf: openStranger,
    list: (...flags) => runJson(['list', ...flags, '--data', data]),
    closePages,
    async close() {
      await browser.close();
      await server.stop();
      await database.stop();
      await scratch.remove();
    },
  };
}

/** The browser of somebody who followed a link. */
async function signIn(browser: Browser, { url, link }: RunningServer): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: url });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  await page.close();
  return context;
}

function watch(page: Page, { complaints, dialogs }: Misdeeds): void {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', async (dialog) => {
    dialogs.push(dialog.message());
    await dialog.dismiss();
  });
}

const PATIENCE = { timeout: 10_000 };

/** Waits until a choice stands in the address. */
export function inAddress(page: Page, name: string, value: string): Promise<void> {
  return expect.poll(() => new URL(page.url()).searchParams.get(name), PATIENCE).toBe(value);
}

/** The ids of the rows, once there are as many as expected. */
export async function idsOf(page: Page, count: number, selector = ''): Promise<readonly (string | null)[]> {
  const found = page.locator(`[data-testid="issue-row"]${selector}`);
  await expect.poll(() => found.count(), PATIENCE).toBe(count);
  return found.evaluateAll((elements) => elements.map((element) => element.getAttribute('data-issue')));
}
