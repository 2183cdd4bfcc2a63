import { derivePaths } from '#domain/attackpath/derive-paths.ts';
import type { Lens } from '#domain/attackpath/lens-steps.ts';
import { pathFinding } from '#domain/attackpath/path-finding.ts';
import type { PathList } from '#domain/ports/path-store.ts';
import { type AppContext, permit } from './context.ts';

/**
 * The attack paths of open issues, in the order of the inbox, and what was left out of the search. Through another lens
 * than *outside* they are looked for now, and are no issues.
 */
export async function listPaths(ctx: AppContext, { lens }: { readonly lens: Lens }): Promise<PathList> {
  permit(ctx, 'read');
  if (lens === 'outside') return ctx.paths.list();
  const { facts, notes } = await ctx.paths.facts(lens);
  const found = derivePaths(facts);
  return {
    searchedAt: ctx.clock.now(),
    notes: [...notes, ...found.notes],
    paths: found.paths.map((path) => ({
      issueId: pathFinding(path, facts).identity.issueId,
      path,
      alsoFoundBy: [],
    })),
  };
}
