import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { type AppContext, permit } from './context.ts';

/** Gives a source another name; it stays the same source. Throws `not_found`. */
export async function renameSource(
  ctx: AppContext,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<void> {
  permit(ctx, 'administer');
  const label = oneLine(name, 200);
  if (label === '') throw new InboxError('usage', 'A source needs a name that is not empty.');
  if (!(await ctx.sources.rename(id, label, ctx.actor.name)))
    throw new InboxError('not_found', `There is no source "${id}". The command "sources list" prints them.`);
}
