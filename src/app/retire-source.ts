import { InboxError } from '#base/inbox-error.ts';
import { type AppContext, permit } from './context.ts';

/**
 * Closes what only this source said, or only what its scopes with these keys said: a cluster that is
 * gone, a repository that moved. A new report of such a scope takes it up again. Throws `not_found`.
 */
export async function retireSource(
  ctx: AppContext,
  { id, keys }: { readonly id: string; readonly keys: Readonly<Record<string, string>> },
): Promise<{ readonly scopes: number; readonly closed: number }> {
  permit(ctx, 'administer');
  const retired = await ctx.sources.retire(id, keys, ctx.actor.name);
  if (retired.scopes === 0)
    throw new InboxError(
      'not_found',
      `There is no source "${id}" with such a scope. The command "sources list" prints sources and scopes.`,
    );
  return retired;
}
