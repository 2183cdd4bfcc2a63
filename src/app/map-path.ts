import { InboxError } from '#base/inbox-error.ts';
import { type ContextMap, contextMap } from '#domain/attackpath/context-map.ts';
import type { AttackPathView } from '#domain/ports/path-store.ts';
import { type AppContext, permit } from './context.ts';

/** An attack path with the map of what it passes. */
export interface MappedPath extends AttackPathView {
  readonly map: ContextMap;
}

/** The map of one attack path, by the id of its issue or how that begins; of the first where none is asked for. Throws `not_found`. */
export async function mapPath(
  ctx: AppContext,
  { issue }: { readonly issue: string | null },
): Promise<MappedPath> {
  permit(ctx, 'read');
  const { paths } = await ctx.paths.list();
  const found = paths.find(({ issueId }) => issue === null || issueId.startsWith(issue.toLowerCase()));
  if (found === undefined)
    throw new InboxError(
      'not_found',
      issue === null
        ? 'There is no attack path to draw.'
        : `There is no attack path ${issue}. The command "paths" prints the ids.`,
    );
  const { facts } = await ctx.paths.facts('outside');
  const keys = found.path.paths.flatMap(({ steps }) =>
    steps.flatMap(({ from, to }) => [from.asset, to.asset]),
  );
  const findings = await ctx.explorer.severities([...new Set(keys)]);
  return { ...found, map: contextMap(found.path, facts, findings) };
}
