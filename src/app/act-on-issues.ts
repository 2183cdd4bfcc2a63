import { refuseUnapproved } from './accept-risk.ts';
import { type AppContext, permit } from './context.ts';
import { decisionOf, type IssueAction } from './issue-action.ts';
import { type IssueSelection, selectedIssues } from './selected-issues.ts';

export interface ActedIssues {
  /** How many issues the selection holds. */
  readonly matched: number;
  /** Of how many of them it was decided: fewer where an issue is gone meanwhile, or where it stopped. */
  readonly changed: number;
  /** By which name all of it is taken back; null where nothing was done. */
  readonly action: string | null;
  /** Why it stopped on the way; what was decided before stands, until it is taken back. Null: it did not. */
  readonly stopped: string | null;
}

/**
 * Decides the same about however many issues, one part after the other, with one undo for all of it. `isTold` asks only
 * how many they are; with `expected` nothing is done where they are not as many as the person saw. Throws `conflict` then.
 */
export async function actOnIssues(
  ctx: AppContext,
  {
    selection,
    action,
    isTold,
    expected,
  }: {
    readonly selection: IssueSelection;
    readonly action: IssueAction;
    readonly isTold: boolean;
    readonly expected: number | null;
  },
): Promise<ActedIssues> {
  permit(ctx, 'triage');
  const decision = await decisionOf(ctx, action);
  await refuseUnapproved(ctx, decision);
  const ids = await selectedIssues(ctx, { selection, expected: isTold ? null : expected, most: null });
  const matched = ids.length;
  if (isTold || matched === 0) return { matched, changed: 0, action: null, stopped: null };
  const { action: name, issues, stopped } = await ctx.inbox.decideAll(ids, decision, ctx.actor.name);
  return { matched, changed: issues, action: name, stopped };
}
