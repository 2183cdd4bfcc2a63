import { InboxError } from '#base/inbox-error.ts';
import { type AppContext, permit } from './context.ts';

/**
 * Makes one source of two: scopes, findings and decisions of the first go over to the second, and reports
 * that name the first belong to the second from then on. Throws `not_found`, and `usage` for one source.
 */
export async function mergeSources(
  ctx: AppContext,
  { id, into }: { readonly id: string; readonly into: string },
): Promise<{ readonly scopes: number; readonly findings: number }> {
  permit(ctx, 'administer');
  if (id === into) throw new InboxError('usage', 'Two sources can be merged; these are one.');
  const merged = await ctx.sources.merge(id, into, ctx.actor.name);
  if (merged === null)
    throw new InboxError(
      'not_found',
      `There is no source "${id}" or no source "${into}". The command "sources list" prints them.`,
    );
  return merged;
}
