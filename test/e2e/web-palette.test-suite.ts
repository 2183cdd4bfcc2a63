import { expect, test } from 'vitest';
import type { WebInbox } from './web-inbox.ts';

const PATIENCE = { timeout: 10_000 };

/** Search over the page: what Enter does while the server looks, and keys that come while it goes away. */
export function paletteInUse(
  inbox: () => WebInbox,
  onlyComplaints: (expected: RegExp) => Promise<void>,
): void {
  test('a key that comes while the palette is still going away belongs to the page', async () => {
    const page = await inbox().open('/');
    await page.getByTestId('issue-row').first().waitFor(PATIENCE);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search issues, screens and commands' }).waitFor(PATIENCE);
    // A browser tells that a dialog closed with its next picture. Keys may come before.
    await page.evaluate(`{
      const palette = document.querySelector('dialog.palette');
      const field = palette.querySelector('input');
      palette.close();
      field.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, cancelable: true }));
    }`);
    await page.getByRole('dialog', { name: 'Keys' }).waitFor(PATIENCE);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search issues, screens and commands' }).fill('overview');
    const isThere = await page.evaluate(`(async () => {
      const field = document.querySelector('dialog.palette input');
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      await Promise.resolve();
      return document.querySelector('dialog.palette') !== null;
    })()`);
    expect(isThere).toBe(false);
  });

  test('the palette says where issues could not be looked for', async () => {
    const page = await inbox().open('/sources');
    await page.getByTestId('source').first().waitFor(PATIENCE);
    await page.route('**/api/v1/issues?*', (route) => route.abort());
    await page.keyboard.press('Control+k');
    await page.keyboard.type('attack');
    await page.getByRole('alert').getByText('Issues could not be looked for').waitFor(PATIENCE);
    await page.getByRole('option', { name: 'Attack paths' }).waitFor(PATIENCE);
    await onlyComplaints(/ERR_FAILED/);
  });

  test('Enter opens nothing but what fits the words that stand there, once it is found', async () => {
    const [first, second] = await inbox().list();
    const page = await inbox().open('/');
    await page.getByTestId('issue-row').first().waitFor(PATIENCE);
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Search issues, screens and commands' });
    await field.fill(first?.title ?? '');
    await page
      .getByRole('option', { name: first?.title ?? '' })
      .first()
      .waitFor(PATIENCE);
    const { promise: isPressed, resolve: press } = Promise.withResolvers<void>();
    await page.route('**/api/v1/issues?*', async (route) => {
      await isPressed;
      await route.continue();
    });
    await field.fill(second?.title ?? '');
    expect(await page.getByRole('option', { name: first?.title ?? '' }).count()).toBe(0);
    await page.keyboard.press('Enter');
    press();
    await page.getByTestId('issue-page').waitFor(PATIENCE);
    expect(new URL(page.url()).pathname).toBe(`/issues/${second?.id}`);
  });
}
