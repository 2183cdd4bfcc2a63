import type { Locator, Page, Route } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { WebInbox } from './web-inbox.ts';

const PATIENCE = { timeout: 10_000 };

/** Keys that ask something about an issue, and the words of the form that asks. */
const FORMS = {
  assign: { key: 'a', name: /^Assign / },
  team: { key: 'T', name: /^Team of / },
  due: { key: 'd', name: /^Due date of / },
  mute: { key: 'e', name: /^Mute / },
  snooze: { key: 's', name: /^Snooze / },
  comment: { key: 'c', name: /^Comment on / },
  ticket: { key: 't', name: /^Ticket for / },
} as const;
const OF_MANY = ['assign', 'team', 'due', 'mute', 'snooze', 'ticket'] as const;

/** What is written into a field of this kind: other than what stands there at first. */
async function write(field: Locator): Promise<string> {
  if (await field.evaluate((element) => element.nodeName === 'SELECT')) {
    await field.selectOption({ index: 1 });
  } else {
    const isDay = (await field.getAttribute('type')) === 'date';
    await field.fill(isDay ? '2031-12-08' : 'what was written');
  }
  return field.inputValue();
}

/** A form that was refused is there as it was written, with the reason at its field, which has the focus. */
export async function staysWritten(form: Locator, reason: string, written: string): Promise<void> {
  const told = form.getByRole('alert');
  await told.getByText(reason).waitFor(PATIENCE);
  const field = form.locator(':focus');
  await field.waitFor(PATIENCE);
  expect(await field.inputValue()).toBe(written);
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  expect(await field.getAttribute('aria-describedby')).toBe(await told.getAttribute('id'));
  // It is said once.
  expect(await form.page().getByText(reason).count()).toBe(1);
}

/** What the server refuses, form by form, wherever it is asked. */
export function refusedDecisions(
  world: () => { readonly inbox: WebInbox; readonly other: string },
  onlyComplaints: (expected: RegExp) => Promise<void>,
): void {
  describe('a decision that is refused', () => {
    let times = 0;
    const refuse = (route: Route) =>
      route.request().method() === 'GET'
        ? route.fallback()
        : route.fulfill({
            status: 400,
            contentType: 'application/problem+json',
            json: {
              type: 'about:blank',
              title: 'Not so',
              status: 400,
              detail: `Refusal ${++times}.`,
              code: 'usage',
              requestId: 'r1',
            },
          });
    const trackers = (route: Route) =>
      route.fulfill({
        json: {
          items: ['first', 'second'].map((name) => ({
            name,
            kind: 'github',
            address: 'https://tracker.example.com',
            project: 'acme/shop',
            ticketType: null,
            account: null,
            allowPrivate: false,
            events: false,
            leastSeverity: null,
            digestMinutes: null,
            addedBy: 'admin',
            addedAt: '2026-11-30T00:00:00.000Z',
            last: null,
          })),
        },
      });
    async function keepsEach(page: Page, forms: readonly (keyof typeof FORMS)[]): Promise<void> {
      for (const each of forms) {
        const { key, name } = FORMS[each];
        await page.keyboard.press(key);
        const form = page.getByRole('form', { name });
        const field = form.locator('input:not([type=checkbox]), select').first();
        await field.waitFor(PATIENCE);
        const written = await write(field);
        // Another refusal in the same words is told as well, also to whoever pressed the button.
        for (const send of [() => field.press('Enter'), () => form.locator('[type=submit]').click()]) {
          const before = times;
          await send();
          await expect.poll(() => times, PATIENCE).toBe(before + 1);
          await staysWritten(form, `Refusal ${times}.`, written);
        }
        await page.keyboard.press('Escape');
        await form.waitFor({ ...PATIENCE, state: 'detached' });
      }
    }
    async function opened(address: string): Promise<Page> {
      const page = await world().inbox.open('about:blank');
      await page.route(/\/api\/v1\/issues/, refuse);
      await page.route('**/api/v1/receivers', trackers);
      await page.goto(`${world().inbox.server.url}${address}`);
      return page;
    }
    const all = Object.keys(FORMS) as (keyof typeof FORMS)[];

    test('stays as it was written in the list, for one issue and for several', async () => {
      const page = await opened('/');
      await page.getByTestId('issue-row').first().waitFor(PATIENCE);
      await page.keyboard.press('j');
      await keepsEach(page, all);
      for (const key of ['x', 'J']) await page.keyboard.press(key);
      await page.getByTestId('selection').getByText('2 issues selected').waitFor(PATIENCE);
      await keepsEach(page, OF_MANY);
      await onlyComplaints(/status of 400/);
    });

    test.each(['panel', 'page'])('stays as it was written in the %s of an issue', async (place) => {
      const { other } = world();
      const page = await opened(place === 'panel' ? `/?issue=${other}` : `/issues/${other}`);
      await page.getByTestId('rank-sentence').waitFor(PATIENCE);
      await keepsEach(page, all);
      await onlyComplaints(/status of 400/);
    });
  });
}
