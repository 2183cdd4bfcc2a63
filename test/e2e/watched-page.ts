import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page of the web app, with everything written down that it must never do. */
export interface WatchedPage {
  readonly page: Page;
  /** Addresses outside its origin that it asked for. */
  readonly strayed: readonly string[];
  /** Errors of its scripts and of its console, refusals of the content security policy among them. */
  readonly complaints: readonly string[];
  /** What was asked in dialogs, each dismissed. */
  readonly dialogs: readonly string[];
}

/** Opens a page in a context of its own, on nothing yet. Closing the browser closes it. */
export async function openWatchedPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: origin, ...options });
  const page = await context.newPage();
  const strayed: string[] = [];
  const complaints: string[] = [];
  const dialogs: string[] = [];
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) strayed.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', async (dialog) => {
    dialogs.push(dialog.message());
    await dialog.dismiss();
  });
  return { page, strayed, complaints, dialogs };
}
