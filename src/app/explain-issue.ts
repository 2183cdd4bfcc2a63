import { explainIssue as explain, type IssueExplanation } from '#domain/inbox/explain-issue.ts';
import type { IssueView } from '#domain/ports/inbox-store.ts';
import { type AppContext, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';

export interface ExplainedIssue extends IssueView {
  /** Null when none of its findings is open any more. */
  readonly why: IssueExplanation | null;
}

/** One issue with everything that explains its rank. Throws `not_found`. */
export async function explainIssue(
  ctx: AppContext,
  { id }: { readonly id: string },
): Promise<ExplainedIssue> {
  permit(ctx, 'read');
  const view = knownIssue(id, await ctx.inbox.view(id));
  const { assessed, openFindings } = view;
  return { ...view, why: assessed === null ? null : explain(assessed, openFindings) };
}
