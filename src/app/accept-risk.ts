import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { AcceptanceRequest, AcceptanceRules } from '#domain/ports/acceptance-store.ts';
import type { DecidedIssue, IssueDecision } from '#domain/ports/inbox-store.ts';
import { type AppContext, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';

/** What waits for somebody to agree, the oldest first. */
export async function listAcceptances(ctx: AppContext): Promise<readonly AcceptanceRequest[]> {
  permit(ctx, 'read');
  return ctx.acceptances.pending();
}

/**
 * Agrees to a risk, which is muted then, or declines it; whoever asked takes that back so. Throws `forbidden` for whoever
 * asked and agrees: it is another administrator who does; and `not_found` where it waits no longer.
 */
export async function decideAcceptance(
  ctx: AppContext,
  { id, isApproved }: { readonly id: string; readonly isApproved: boolean },
): Promise<DecidedIssue> {
  permit(ctx, 'triage');
  const request = await ctx.acceptances.find(id);
  const isOwn = request?.askedBy === ctx.actor.name;
  if (isApproved || !isOwn) permit(ctx, 'administer');
  if (isApproved && isOwn)
    throw new InboxError('forbidden', 'A risk is accepted by two: another administrator has to agree.');
  const decided = request === null ? null : await ctx.acceptances.decide(id, isApproved, ctx.actor.name);
  if (decided === null)
    throw new InboxError('not_found', `Nothing by the name ${oneLine(id, 60)} waits for somebody to agree.`);
  return decided;
}

export function showAcceptanceRules(ctx: AppContext): Promise<AcceptanceRules> {
  permit(ctx, 'read');
  return ctx.acceptances.rules();
}

const DAYS_MAX = 3_650;

/** How long risks are accepted at most, and whether a second person has to agree. Throws `usage` for a number of days out of reach. */
export async function chooseAcceptanceRules(
  ctx: AppContext,
  {
    daysMax,
    needsApproval,
  }: { readonly daysMax?: number | undefined; readonly needsApproval?: boolean | undefined },
): Promise<AcceptanceRules> {
  permit(ctx, 'administer');
  const before = await ctx.acceptances.rules();
  const chosen = {
    daysMax: daysMax ?? before.daysMax,
    needsApproval: needsApproval ?? before.needsApproval,
  };
  if (!Number.isInteger(chosen.daysMax) || chosen.daysMax < 1 || chosen.daysMax > DAYS_MAX)
    throw new InboxError('usage', `Risks are accepted for 1 to ${DAYS_MAX} days.`);
  await ctx.acceptances.setRules(chosen, ctx.actor.name);
  return chosen;
}

/** Of a risk that somebody accepts, where a second person has to agree: it waits. Null: there is nothing to wait for. */
export async function askWhereNeeded(
  ctx: AppContext,
  id: string,
  decision: IssueDecision,
): Promise<DecidedIssue | null> {
  if (!(await isUnapproved(ctx, decision)) || decision.kind !== 'mute' || decision.until === null)
    return null;
  const { reason, until } = decision;
  return {
    issue: knownIssue(id, await ctx.acceptances.ask(id, { reason, until }, ctx.actor.name)),
    action: null,
  };
}

/** Throws `conflict`: many at once wait for nobody. */
export async function refuseUnapproved(ctx: AppContext, decision: IssueDecision): Promise<void> {
  if (await isUnapproved(ctx, decision))
    throw new InboxError(
      'conflict',
      'Accepting a risk needs a second person here, and is asked for one issue at a time.',
    );
}

async function isUnapproved(ctx: AppContext, decision: IssueDecision): Promise<boolean> {
  if (decision.kind !== 'mute' || !decision.isMuted || decision.because !== 'risk_accepted') return false;
  return (await ctx.acceptances.rules()).needsApproval;
}
