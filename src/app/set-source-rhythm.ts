import { InboxError } from '#base/inbox-error.ts';
import { type AppContext, permit } from './context.ts';

/** Says for how many days a source may be silent before it is overdue; null: as its reports tell. Throws `not_found`. */
export async function setSourceRhythm(
  ctx: AppContext,
  { id, days }: { readonly id: string; readonly days: number | null },
): Promise<void> {
  permit(ctx, 'administer');
  if (!(await ctx.sources.setRhythm(id, days, ctx.actor.name)))
    throw new InboxError('not_found', `There is no source "${id}". The command "sources list" prints them.`);
}
