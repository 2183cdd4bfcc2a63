import type { DecidedIssue } from '#domain/ports/inbox-store.ts';
import { askWhereNeeded } from './accept-risk.ts';
import { type AppContext, permit } from './context.ts';
import { decisionOf, type IssueAction } from './issue-action.ts';
import { knownIssue } from './known-issue.ts';

/**
 * Decides something about the open findings of one issue, or lets it wait for a second person: `action` is null then. Throws `not_found`, and `usage` as `decisionOf` does.
 */
export async function actOnIssue(
  ctx: AppContext,
  { id, action }: { readonly id: string; readonly action: IssueAction },
): Promise<DecidedIssue> {
  permit(ctx, 'triage');
  const decision = await decisionOf(ctx, action);
  return (
    (await askWhereNeeded(ctx, id, decision)) ??
    knownIssue(id, await ctx.inbox.decide(id, decision, ctx.actor.name))
  );
}
