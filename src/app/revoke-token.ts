import { InboxError } from '#base/inbox-error.ts';
import { type AppContext, permit } from './context.ts';

/** Makes a token useless from the next request on. Throws `not_found`. */
export async function revokeToken(ctx: AppContext, { id }: { readonly id: string }): Promise<void> {
  permit(ctx, 'administer');
  if (await ctx.people.revokeToken(id, ctx.actor.name)) return;
  throw new InboxError(
    'not_found',
    `No token has the id "${id}". "token list" shows those that were not revoked.`,
  );
}
