import { refuseUnapproved } from './accept-risk.ts';
import { type AppContext, permit } from './context.ts';
import { decisionOf, type IssueAction } from './issue-action.ts';
import { type IssueSelection, selectedIssues } from './selected-issues.ts';

/** More are refused: whoever means them says so in parts. */
const ISSUES_MAX = 10_000;

export interface ActedIssues {
  /** How many issues the selection holds. */
  readonly matched: number;
  /** Of how many of them it was decided: fewer where an issue is gone meanwhile. */
  readonly changed: number;
  /** By which name all of it is taken back; null where nothing was done. */
  readonly action: string | null;
}

/**
 * Decides the same about many issues, with one undo for all of it. `isTold` asks only how many they are; with `expected`
 * nothing is done where they are not as many as the person saw. Throws `conflict` then, and `usage` for more than 10,000.
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
  const ids = await selectedIssues(ctx, { selection, expected: isTold ? null : expected, most: ISSUES_MAX });
  if (isTold) return { matched: ids.length, changed: 0, action: null };
  if (ids.length === 0) return { matched: 0, changed: 0, action: null };
  const { action: name, issues } = await ctx.inbox.decideAll(ids, decision, ctx.actor.name);
  return { matched: ids.length, changed: issues, action: name };
}
