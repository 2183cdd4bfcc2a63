import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sample } from '../support/run-server.ts';
import { NO_MISDEEDS, openWebInbox, type WebInbox } from './web-inbox.ts';

let inbox: WebInbox;

beforeAll(async () => {
  inbox = await openWebInbox([
    sample('trivy', 'image-spring4shell-jre8.json'),
    sample('sarif', 'codeql.sarif'),
    sample('ocsf', 'prowler-5-aws.json'),
  ]);
});
afterAll(() => inbox.close());
afterEach(async () => expect(await inbox.closePages()).toEqual(NO_MISDEEDS));

describe('every width, light and dark', () => {
  test.each([360, 1280])('%i px: readable, and without a barrier', async (width) => {
    const [issue] = await inbox.list('--all');
    const page = await inbox.open('/', { viewport: { width, height: 800 }, reducedMotion: 'reduce' });
    const grounds = new Set<unknown>();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const address of ['/', `/?all=true&issue=${issue?.id}`, '/sources']) {
        await page.goto(address);
        const seen = address === '/sources' ? 'source' : address === '/' ? 'issue-row' : 'rank-sentence';
        await page.getByTestId(seen).first().waitFor();
        const { violations } = await new AxeBuilder({ page })
          .setLegacyMode(true)
          // What passed is counted and not described.
          .options({ resultTypes: ['violations'] })
          .analyze();
        expect(
          violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) })),
          `${address}, ${colorScheme}`,
        ).toEqual([]);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(overflow, `${address}, ${colorScheme}: as wide as the window`).toBeLessThanOrEqual(0);
      }
      grounds.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
    }
    expect(grounds.size).toBe(2);
  });

  test('a person chooses the theme, and this browser keeps it', async () => {
    const page = await inbox.open('/', { colorScheme: 'light' });
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.getByTestId('issue-row').first().waitFor();
    const light = await ground();
    await page.getByRole('button', { name: 'Light or dark' }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByTestId('issue-row').first().waitFor();
    expect(await ground()).toBe(dark);
  });
});
