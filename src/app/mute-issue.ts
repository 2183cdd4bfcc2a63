import { InboxError } from '#base/inbox-error.ts';
import type { Instant } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { IssueRow } from '#domain/ports/inbox-store.ts';
import { type AppContext, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';

/** Mutes the open findings of an issue, for ever or until an instant. Throws `not_found`, and `usage` for an instant that is past. */
export async function muteIssue(
  ctx: AppContext,
  { id, reason, until }: { readonly id: string; readonly reason: string; readonly until: Instant | null },
): Promise<IssueRow> {
  permit(ctx, 'triage');
  if (until !== null && until <= ctx.clock.now())
    throw new InboxError('usage', 'A mute ends in the future; the given time is past.');
  return knownIssue(
    id,
    await ctx.inbox.decide(
      id,
      { kind: 'mute', isMuted: true, reason: oneLine(reason, 500), until },
      ctx.actor.name,
    ),
  );
}

/** Takes a mute back; one that a tool's suppression brought stays away from then on. Throws `not_found`. */
export async function unmuteIssue(ctx: AppContext, { id }: { readonly id: string }): Promise<IssueRow> {
  permit(ctx, 'triage');
  return knownIssue(
    id,
    await ctx.inbox.decide(id, { kind: 'mute', isMuted: false, reason: '', until: null }, ctx.actor.name),
  );
}
