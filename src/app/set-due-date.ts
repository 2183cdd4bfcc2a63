import type { Instant } from '#base/instant.ts';
import type { IssueRow } from '#domain/ports/inbox-store.ts';
import { type AppContext, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';

/** Says until when an issue is to be fixed, or with null that there is no such date; one that is past makes it overdue. Throws `not_found`. */
export async function setDueDate(
  ctx: AppContext,
  { id, due }: { readonly id: string; readonly due: Instant | null },
): Promise<IssueRow> {
  permit(ctx, 'triage');
  return knownIssue(id, await ctx.inbox.decide(id, { kind: 'due', at: due }, ctx.actor.name));
}
