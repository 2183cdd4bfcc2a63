import { InboxError } from '#base/inbox-error.ts';
import { type ContextMap, contextMap } from '#domain/attackpath/context-map.ts';
import { modelOf } from '#domain/attackpath/derive-paths.ts';
import type { AttackPathView } from '#domain/ports/path-store.ts';
import { type AppContext, permit } from './context.ts';
import { oneIssue } from './one-issue.ts';

/** An attack path with the map of what it passes. */
export interface MappedPath extends AttackPathView {
  readonly map: ContextMap;
}

/**
 * The map of one attack path, by the id of its issue, how that begins, or its key, a muted one too; of the first of the
 * inbox where none is asked for. Throws `not_found`, and `usage` where several are meant.
 */
export async function mapPath(
  ctx: AppContext,
  { issue }: { readonly issue: string | null },
): Promise<MappedPath> {
  permit(ctx, 'read');
  const found = issue === null ? (await ctx.paths.list()).paths[0] : await pathMeant(ctx, issue.trim());
  if (found === undefined)
    throw new InboxError(
      'not_found',
      issue === null
        ? 'There is no attack path to draw.'
        : `There is no attack path ${issue}. The command "paths" prints the ids.`,
    );
  const { facts } = await ctx.paths.facts('outside');
  const ways = [...found.path.paths, ...modelOf(facts).waysOf(found.path)];
  const steps = new Set(ways.flatMap((way) => way.steps));
  const keys = new Set([...steps].flatMap(({ from, to }) => [from.asset, to.asset]));
  const findings = await ctx.explorer.severities([...keys]);
  return { ...found, map: contextMap(ways, facts, findings) };
}

async function pathMeant(ctx: AppContext, name: string): Promise<AttackPathView | undefined> {
  const issues = await ctx.inbox.rows(await ctx.inbox.find(name));
  const paths = issues.filter(({ type }) => type === 'attack_path').map(({ id }) => id);
  const id = oneIssue(name, paths);
  const view = id === null ? null : await ctx.inbox.view(id);
  if (view === null || view.attackPath === null) return undefined;
  return { issueId: view.row.id, path: view.attackPath, alsoFoundBy: view.alsoFoundBy };
}
