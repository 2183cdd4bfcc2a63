import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
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

/** A server with reports in it, and a browser in front. */
export interface WebInbox {
  readonly server: RunningServer;
  readonly data: string;
  /** A folder for files of the tests. */
  readonly folder: string;
  /** A page of somebody who signed in. */
  open(address: string, options?: BrowserContextOptions): Promise<Page>;
  /** A page of somebody whom the server does not know. */
  openSignedOut(address: string): Promise<Page>;
  /** The same of another server, in the same browser. */
  openOf(server: RunningServer, address: string, options?: BrowserContextOptions): Promise<Page>;
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
  let misdeeds = structuredClone(NO_MISDEEDS);

  async function openPage(address: string, options: BrowserContextOptions, { url } = server): Promise<Page> {
    const context = await browser.newContext({ baseURL: url, ...options });
    const page = await context.newPage();
    pages.push(page);
    watch(page, url, misdeeds);
    await page.goto(address);
    return page;
  }
  async function closePages(): Promise<Misdeeds> {
    await Promise.all(pages.splice(0).map((page) => page.context().close()));
    const seen = misdeeds;
    misdeeds = structuredClone(NO_MISDEEDS);
    return seen;
  }

  const storageState = await signIn(browser, server.link);
  return {
    server,
    data,
    folder: scratch.folder,
    open: (address, options) => openPage(address, { storageState, ...options }),
    openSignedOut: (address) => openPage(address, {}),
    openOf: (other, address, options = {}) => openPage(address, options, other),
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

/** The cookies of somebody who followed a link. */
async function signIn(browser: Browser, link: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

function watch(page: Page, origin: string, { strayed, complaints, dialogs }: Misdeeds): void {
  page.context().on('request', (request) => {
    if (new URL(request.url()).origin !== origin) strayed.push(request.url());
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', async (dialog) => {
    dialogs.push(dialog.message());
    await dialog.dismiss();
  });
}
