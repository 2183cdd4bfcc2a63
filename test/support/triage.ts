import { actOnIssue } from '../../src/app/act-on-issue.ts';
import type { AppContext } from '../../src/app/context.ts';
import type { IssueAction } from '../../src/app/issue-action.ts';
import type { Instant } from '../../src/base/instant.ts';

/** Does something to one issue, as a person does. */
export const act = (ctx: AppContext, id: string, action: IssueAction) => actOnIssue(ctx, { id, action });

export const muteIssue = (
  ctx: AppContext,
  { id, reason, until }: { readonly id: string; readonly reason: string; readonly until: Instant | null },
) => act(ctx, id, { do: 'mute', reason, because: 'other', until });
