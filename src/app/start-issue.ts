import type { IssueRow } from '#domain/ports/inbox-store.ts';
import { type AppContext, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';

/** Says that somebody works on an issue. A finding that was closed and is back ends it. Throws `not_found`. */
export async function startIssue(ctx: AppContext, { id }: { readonly id: string }): Promise<IssueRow> {
  permit(ctx, 'triage');
  return knownIssue(id, await ctx.inbox.decide(id, { kind: 'progress', isStarted: true }, ctx.actor.name));
}

/** Says that nobody works on an issue any more. Throws `not_found`. */
export async function stopIssue(ctx: AppContext, { id }: { readonly id: string }): Promise<IssueRow> {
  permit(ctx, 'triage');
  return knownIssue(id, await ctx.inbox.decide(id, { kind: 'progress', isStarted: false }, ctx.actor.name));
}
