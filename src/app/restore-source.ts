import { InboxError } from '#base/inbox-error.ts';
import { type AppContext, permit } from './context.ts';

/** Takes the retiring of a source, or of its scopes with these keys, back. Throws `not_found` where nothing of it is retired. */
export async function restoreSource(
  ctx: AppContext,
  { id, keys }: { readonly id: string; readonly keys: Readonly<Record<string, string>> },
): Promise<{ readonly scopes: number; readonly reopened: number }> {
  permit(ctx, 'administer');
  const restored = await ctx.sources.restore(id, keys, ctx.actor.name);
  if (restored.scopes === 0)
    throw new InboxError(
      'not_found',
      `No such scope of a source "${id}" is retired. The command "sources list" prints sources and scopes.`,
    );
  return restored;
}
