import { expect, test } from 'vitest';
import { barriers } from './barriers.ts';
import type { WebInbox } from './web-inbox.ts';

const PATIENCE = { timeout: 10_000 };
/** A process of its own starts and reads. */
const IMPORT_PATIENCE = { timeout: 60_000 };

/** What the page of sources is for: places to watch, files to read, and what is being read. */
export function sourcesByKeyboard(
  inbox: () => WebInbox,
  onlyComplaints: (expected: RegExp) => Promise<void>,
): void {
  test('a place is watched for reports, by keyboard, and no longer', async () => {
    const page = await inbox().open('/sources');
    await page.getByTestId('source').first().waitFor(PATIENCE);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('watch a folder');
    await page.keyboard.press('Enter');
    const form = page.getByRole('form', { name: 'Watch a place' });
    await form.waitFor(PATIENCE);
    await page.keyboard.type('reports');
    await page.keyboard.press('Enter');
    // What was refused stays as it was written.
    await form.getByRole('alert').getByText('named from the root').waitFor(PATIENCE);
    await page.keyboard.press('Home');
    await page.keyboard.type('/srv/');
    await page.keyboard.press('Enter');
    const place = page.getByTestId('watch');
    await place.getByText('/srv/reports').waitFor(PATIENCE);
    await place.getByRole('button', { name: 'Watch /srv/reports no longer' }).press('Enter');
    await expect.poll(() => place.count(), PATIENCE).toBe(0);
    await onlyComplaints(/status of 400/);
  });

  test('a file that no format knows is read by a mapping that is kept, by keyboard', async () => {
    const page = await inbox().open('/sources');
    await page.getByTestId('source').first().waitFor(PATIENCE);
    const choose = () =>
      page.getByLabel('Choose files').setInputFiles({
        name: 'acme.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify([{ message: 'Kept badly', level: 'high', file: 'a.js' }])),
      });
    const results = page.getByTestId('import-results');
    await choose();
    await results.getByText('mappings apply MAPPING.yaml').waitFor(IMPORT_PATIENCE);
    await page.request.post('/api/v1/mappings', {
      headers: { 'content-type': 'application/json', origin: inbox().server.url },
      data: {
        name: 'acme',
        text: 'tool: Acme Scan\nfields: { title: message, severity: level, path: file }\n',
      },
    });
    await page.reload();
    await choose();
    const form = results.getByRole('form', { name: 'Read it by a mapping' });
    await form.waitFor(IMPORT_PATIENCE);
    await form.getByRole('combobox').focus();
    expect(await form.getByRole('option').allInnerTexts()).toEqual(['acme, for Acme Scan']);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await results.getByText('acme.json was read').waitFor(IMPORT_PATIENCE);
    expect(await inbox().list('--all', '--query', '"Kept badly"')).toHaveLength(1);
    await page.getByTestId('source').getByText('acme-scan').first().waitFor(PATIENCE);
  });

  test('tells how far the server is with what others sent, and reads all again once that is done', async () => {
    const page = await inbox().open('/sign-in');
    let items: readonly object[] = [
      {
        name: 'huge.json',
        size: 40_000_000,
        received: 40_000_000,
        read: 30_000_000,
        begunAt: '2026-01-01T00:00:00Z',
      },
    ];
    await page.route('**/api/v1/imports', (route) => route.fulfill({ json: { items } }));
    await page.goto('/sources');
    const progress = page.getByRole('progressbar', { name: 'Reading huge.json' });
    await progress.waitFor(PATIENCE);
    expect(await progress.getAttribute('aria-valuenow')).toBe('75');
    expect(await page.getByTestId('import-results').innerText()).toContain('30 MB of 40 MB read');
    expect(await barriers(page, 'wcag')).toEqual([]);
    const again = page.waitForRequest('**/api/v1/sources');
    items = [];
    await progress.waitFor({ ...PATIENCE, state: 'detached' });
    await again;
  });

  test('says as of when it counted what is missing, where that took its time', async () => {
    const page = await inbox().open('/sources');
    await page.getByTestId('missing').waitFor(PATIENCE);
    expect(await page.getByTestId('missing').innerText()).not.toContain('counted');
    await page.route('**/api/v1/missing', async (route) => {
      const answer = await route.fetch();
      const countedAt = new Date(Date.now() - 7_500_000).toISOString();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), countedAt } });
    });
    await page.reload();
    await page.getByTestId('missing').waitFor(PATIENCE);
    await expect.poll(() => page.getByTestId('missing').innerText(), PATIENCE).toContain('counted 2 h ago');
  });

  test('shows nothing that what stands above it would push away later', async () => {
    const page = await inbox().open('/not-there');
    const answered = Promise.withResolvers<void>();
    await page.route('**/api/v1/sources', async (route) => {
      await answered.promise;
      await route.continue();
    });
    const others = ['watches', 'missing', 'feeds'].map((name) => page.waitForResponse(`**/api/v1/${name}`));
    await page.goto('/sources');
    for (const response of await Promise.all(others)) await response.finished();
    await page.evaluate(`new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))`);
    const heads = page.locator('.sections').getByRole('heading', { level: 2 });
    expect(await heads.allInnerTexts()).toEqual([]);
    answered.resolve();
    await page.getByTestId('missing').waitFor(PATIENCE);
    expect((await heads.allInnerTexts()).slice(0, 2)).toEqual(['All sources', 'Watched places']);
  });
}
