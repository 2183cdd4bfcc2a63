import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { UndoneAction } from '#domain/ports/inbox-store.ts';
import { type AppContext, permit } from './context.ts';

/**
 * Takes back what one action decided, of however many issues. Throws `not_found` where there is no such action: it was
 * taken back already, or more than 30 days ago.
 */
export async function undoAction(
  ctx: AppContext,
  { action }: { readonly action: string },
): Promise<UndoneAction> {
  permit(ctx, 'triage');
  const undone = await ctx.inbox.undo(action, ctx.actor.name);
  if (undone === null)
    throw new InboxError(
      'not_found',
      `There is nothing to take back by the name ${oneLine(action, 60)}: it was taken back already, or is older than 30 days.`,
    );
  return undone;
}
