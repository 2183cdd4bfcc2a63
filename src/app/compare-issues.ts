import type { IssueRow } from '#domain/ports/inbox-store.ts';
import { compareInbox, firstDifference, INBOX_ORDER } from '#domain/ranking/inbox-order.ts';
import { type AppContext, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';

export interface IssueComparison {
  readonly above: boolean;
  readonly firstDifferingKey: ReturnType<typeof firstDifference>;
  readonly sentence: string;
}

/** Whether one issue ranks above another, and the first key that tells them apart. Throws `not_found`. */
export async function compareIssues(
  ctx: AppContext,
  { id, other }: { readonly id: string; readonly other: string },
): Promise<IssueComparison> {
  permit(ctx, 'read');
  const [a, b] = await Promise.all([load(ctx, id), load(ctx, other)]);
  const key = firstDifference(a, b);
  const above = compareInbox(a, b) < 0;
  if (key === 'equal')
    return {
      above,
      firstDifferingKey: key,
      sentence: 'Equal in severity, detected risks and impact; only the ids order them.',
    };
  const differing = INBOX_ORDER.find((each) => each.name === key);
  const words = (row: IssueRow) => (key === 'severity' ? row.severity : String(differing?.valueOf(row)));
  return {
    above,
    firstDifferingKey: key,
    sentence: `Ranks ${above ? 'above' : 'below'} by ${key}: ${words(a)} against ${words(b)}.`,
  };
}

async function load(ctx: AppContext, id: string): Promise<IssueRow> {
  return knownIssue(id, await ctx.inbox.view(id)).row;
}
