import type { IssueEvent } from '#domain/ports/inbox-store.ts';
import { type AppContext, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';

/** What people decided about an issue, newest first. Throws `not_found`. */
export async function listHistory(
  ctx: AppContext,
  { id }: { readonly id: string },
): Promise<readonly IssueEvent[]> {
  permit(ctx, 'read');
  return knownIssue(id, await ctx.inbox.history(id));
}
