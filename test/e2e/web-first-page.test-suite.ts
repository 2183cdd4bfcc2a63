import { expect, test } from 'vitest';
import type { WebInbox } from './web-inbox.ts';

const PATIENCE = { timeout: 10_000 };

/** What the first picture of the list waits for, and what waits for it. */
export function firstPageComesAtOnce(
  inbox: () => WebInbox,
  onlyComplaints: (expected: RegExp) => Promise<void>,
): void {
  test('what the first picture shows is asked for while its scripts are on their way, and once', async () => {
    const page = await inbox().open('/not-there');
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname, search } = new URL(request.url());
      if (['/api/v1/session', '/api/v1/issues'].includes(pathname)) asked.push(pathname + search);
    });
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await page.route('**/assets/index-*.js', async (route) => {
      await released;
      await route.continue();
    });
    await page.goto('/?all=true&severity=high,medium', { waitUntil: 'commit' });
    const first = ['/api/v1/session', '/api/v1/issues?all=true&severity=high%2Cmedium&limit=100'];
    await expect.poll(() => asked, PATIENCE).toEqual(first);
    release();
    await page.getByTestId('issue-row').first().waitFor();
    expect(asked).toEqual(first);
  });

  test('the panel is fetched behind the list; where that fails it says so, and the list stays', async () => {
    const page = await inbox().open('/not-there');
    await page.route('**/assets/issue-panel-*.js', (route) => route.abort());
    await page.goto('/?all=true');
    await page.getByTestId('issue-row').first().click();
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor();
    await page.unroute('**/assets/issue-panel-*.js');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByTestId('issue-panel').getByRole('heading', { level: 2 }).waitFor();
    expect(await page.getByTestId('issue-row').count()).toBeGreaterThan(0);
    await onlyComplaints(/ERR_FAILED/);
  });
}
