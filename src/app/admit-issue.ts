import { oneLine } from '#base/text.ts';
import type { IssueRow } from '#domain/ports/inbox-store.ts';
import { type AppContext, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';

/** Takes an issue into the inbox by hand. Throws `not_found`. */
export async function admitIssue(
  ctx: AppContext,
  { id, reason }: { readonly id: string; readonly reason: string | null },
): Promise<IssueRow> {
  permit(ctx, 'triage');
  return knownIssue(
    id,
    await ctx.inbox.decide(
      id,
      { kind: 'admit', isAdmitted: true, reason: reason === null ? null : oneLine(reason, 500) },
      ctx.actor.name,
    ),
  );
}

/** Takes back that an issue was taken in by hand; what rules admit stays. Throws `not_found`. */
export async function unadmitIssue(ctx: AppContext, { id }: { readonly id: string }): Promise<IssueRow> {
  permit(ctx, 'triage');
  return knownIssue(
    id,
    await ctx.inbox.decide(id, { kind: 'admit', isAdmitted: false, reason: null }, ctx.actor.name),
  );
}
