import { InboxError } from '#base/inbox-error.ts';
import type { InboxFilter } from '#domain/ports/inbox-store.ts';
import { narrowInbox } from '#domain/query/narrow-inbox.ts';
import { parseQuery } from '#domain/query/parse-query.ts';
import { EVERYTHING } from '#domain/query/query.ts';
import { refuseUnapproved } from './accept-risk.ts';
import { type AppContext, permit } from './context.ts';
import { decisionOf, type IssueAction } from './issue-action.ts';

/** Issues by their ids, or all that a listing holds. */
export type IssueSelection =
  | { readonly ids: readonly string[] }
  | { readonly listing: Omit<InboxFilter, 'condition'> & { readonly query: string | null } };

export interface ActedIssues {
  /** How many issues the selection holds. */
  readonly matched: number;
  /** Of how many of them it was decided: fewer where an issue is gone meanwhile. */
  readonly changed: number;
  /** By which name all of it is taken back; null where nothing was done. */
  readonly action: string | null;
}

/** More are refused: whoever means them says so in parts. */
const ISSUES_MAX = 10_000;

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
  const ids = await idsOf(ctx, selection);
  if (isTold) return { matched: ids.length, changed: 0, action: null };
  if (expected !== null && expected !== ids.length)
    throw new InboxError(
      'conflict',
      `The selection holds ${ids.length} issues now, ${expected} were expected: the inbox has changed. Look again; nothing was done.`,
    );
  if (ids.length === 0) return { matched: 0, changed: 0, action: null };
  const { action: name, issues } = await ctx.inbox.decideAll(ids, decision, ctx.actor.name);
  return { matched: ids.length, changed: issues, action: name };
}

async function idsOf(ctx: AppContext, selection: IssueSelection): Promise<readonly string[]> {
  const ids = 'ids' in selection ? [...new Set(selection.ids)] : await idsOfListing(ctx, selection.listing);
  if (ids.length > ISSUES_MAX)
    throw new InboxError(
      'usage',
      `The selection holds more than ${ISSUES_MAX} issues, which is more than one word decides. Narrow the query and do it in parts.`,
    );
  return ids;
}

function idsOfListing(
  ctx: AppContext,
  { query, ...filter }: Omit<InboxFilter, 'condition'> & { readonly query: string | null },
): Promise<readonly string[]> {
  const parsed = query === null ? EVERYTHING : parseQuery(query);
  return ctx.inbox.ids(narrowInbox({ ...filter, condition: null }, parsed), ISSUES_MAX + 1);
}
