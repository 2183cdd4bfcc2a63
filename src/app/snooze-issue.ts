import { InboxError } from '#base/inbox-error.ts';
import type { Instant } from '#base/instant.ts';
import type { IssueRow } from '#domain/ports/inbox-store.ts';
import { type AppContext, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';

/**
 * Takes an issue out of sight until an instant, until it gets worse than it is, or until the first of both. Throws
 * `not_found`, and `usage` for an instant that is past or where neither is given.
 */
export async function snoozeIssue(
  ctx: AppContext,
  {
    id,
    until,
    untilWorse,
  }: { readonly id: string; readonly until: Instant | null; readonly untilWorse: boolean },
): Promise<IssueRow> {
  permit(ctx, 'triage');
  if (until === null && !untilWorse)
    throw new InboxError('usage', 'A snooze has an end: a date, or that the issue gets worse.');
  if (until !== null && until <= ctx.clock.now())
    throw new InboxError('usage', 'A snooze ends in the future; the given time is past.');
  const decision = { kind: 'snooze', isSnoozed: true, until, untilWorse } as const;
  return knownIssue(id, await ctx.inbox.decide(id, decision, ctx.actor.name));
}

/** Ends a snooze before its time. Throws `not_found`. */
export async function wakeIssue(ctx: AppContext, { id }: { readonly id: string }): Promise<IssueRow> {
  permit(ctx, 'triage');
  const decision = { kind: 'snooze', isSnoozed: false, until: null, untilWorse: false } as const;
  return knownIssue(id, await ctx.inbox.decide(id, decision, ctx.actor.name));
}
