import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What is asked of axe: everything; what WCAG asks for at A and AA; what a theme or a width can change. */
const ASKED = {
  everything: {},
  wcag: { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } },
  theme: { runOnly: { type: 'rule', values: ['color-contrast'] } },
  width: {
    runOnly: { type: 'rule', values: ['color-contrast', 'target-size', 'scrollable-region-focusable'] },
  },
} as const;

/** What keeps somebody out, and where. What passed is counted and not described. */
export async function barriers(page: Page, asked: keyof typeof ASKED): Promise<readonly object[]> {
  const { runOnly } = structuredClone(ASKED[asked]) as { runOnly?: { type: 'tag'; values: string[] } };
  const options: RunOptions = { resultTypes: ['violations'], ...(runOnly !== undefined && { runOnly }) };
  // Half a megabyte that the page keeps until it is loaded again.
  const isThere = await page.evaluate('"axe" in window');
  const { violations } = isThere
    ? ((await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResults)
    : await new AxeBuilder({ page }).setLegacyMode(true).options(options).analyze();
  return violations.map(({ id, nodes }) => ({ id, at: nodes.slice(0, 3).map(({ html }) => html) }));
}

type RunOptions = Parameters<AxeBuilder['options']>[0];
type AxeResults = Awaited<ReturnType<AxeBuilder['analyze']>>;
