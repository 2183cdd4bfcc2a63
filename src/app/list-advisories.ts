import type { AdvisoryPlace, ListedAdvisory } from '#domain/ports/explorer-store.ts';
import { type AppContext, permit } from './context.ts';
import { type CutPage, cutPage } from './cut-page.ts';
import { filterOf, type IssueQuestion } from './list-findings.ts';

export interface AdvisoryQuestion extends IssueQuestion {
  readonly isKnownExploited: boolean;
  readonly after: AdvisoryPlace | null;
  readonly limit: number;
}

/** Advisories that open findings are about, with what the feeds say, in the order of their issues. Throws `usage` for a query that cannot be read. */
export async function listAdvisories(
  ctx: AppContext,
  { isKnownExploited, after, limit, ...question }: AdvisoryQuestion,
): Promise<CutPage<ListedAdvisory>> {
  permit(ctx, 'read');
  const filter = filterOf(question);
  return cutPage(await ctx.explorer.advisories({ filter, isKnownExploited, after, limit }), limit);
}
