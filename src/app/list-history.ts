import { InboxError } from '#base/inbox-error.ts';
import type { IssueEvent } from '#domain/ports/inbox-store.ts';
import { type AppContext, permit } from './context.ts';

/** What people decided about an issue, newest first. Throws `not_found`. */
export async function listHistory(
  ctx: AppContext,
  { id }: { readonly id: string },
): Promise<readonly IssueEvent[]> {
  permit(ctx, 'read');
  const events = await ctx.inbox.history(id);
  if (events !== null) return events;
  throw new InboxError('not_found', `There is no issue ${id}. The command "list" prints the ids.`);
}
