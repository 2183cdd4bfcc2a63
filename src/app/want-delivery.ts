import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { Delivery } from '#domain/delivery/delivery.ts';
import type { Receiver } from '#domain/delivery/receiver.ts';
import { type AppContext, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';
import { type IssueSelection, selectedIssues } from './selected-issues.ts';

const INPUTS_MAX = 50;
const INPUT_MAX = 2_000;

/**
 * Wants a ticket for an issue; a server makes it soon. Of an issue and tracker there is one: who asks again gets that one,
 * which is tried anew where it failed. Throws `not_found`, and `usage` for a receiver that is no tracker.
 */
export async function createTicket(
  ctx: AppContext,
  { id, receiver }: { readonly id: string; readonly receiver: string },
): Promise<Delivery> {
  permit(ctx, 'triage');
  await knownTracker(ctx, receiver);
  const wanted = await ctx.deliveries.want(
    { kind: 'ticket', issueId: id, receiver, body: {} },
    ctx.actor.name,
  );
  return knownIssue(id, wanted).delivery;
}

/** More are refused: nobody reads so many tickets that were made at once. */
const TICKETS_MAX = 100;

/** Of how many issues a ticket was asked for, and of how many there is or will be one. */
interface WantedTickets {
  readonly matched: number;
  readonly wanted: number;
  /** Those that nobody had asked for before, by name, to be taken back. */
  readonly deliveries: readonly string[];
}

/**
 * The same for many issues, one ticket each: fewer where an issue is gone meanwhile. Throws `not_found`, `usage` for a
 * receiver that is no tracker and for more than 100, and `conflict` where they are not as many as the person saw.
 */
export async function createTickets(
  ctx: AppContext,
  {
    selection,
    expected,
    receiver,
  }: {
    readonly selection: IssueSelection;
    readonly expected: number | null;
    readonly receiver: string;
  },
): Promise<WantedTickets> {
  permit(ctx, 'triage');
  await knownTracker(ctx, receiver);
  const ids = await selectedIssues(ctx, { selection, expected, most: TICKETS_MAX });
  let wanted = 0;
  const deliveries: string[] = [];
  for (const id of ids) {
    const made = await ctx.deliveries.want(
      { kind: 'ticket', issueId: id, receiver, body: {} },
      ctx.actor.name,
    );
    if (made === null) continue;
    wanted += 1;
    if (made.isNew) deliveries.push(made.delivery.id);
  }
  return { matched: ids.length, wanted, deliveries };
}

/** Sends a signed message about an issue, with inputs, to a webhook. Throws `not_found` and `usage`. */
export async function runWorkflow(
  ctx: AppContext,
  {
    id,
    receiver,
    inputs,
  }: { readonly id: string; readonly receiver: string; readonly inputs: Readonly<Record<string, string>> },
): Promise<Delivery> {
  permit(ctx, 'triage');
  const { kind } = await knownReceiver(ctx, receiver);
  if (kind !== 'webhook')
    throw new InboxError('usage', `${receiver} is a tracker; a workflow is run by a webhook.`);
  const given = Object.entries(inputs);
  if (
    given.length > INPUTS_MAX ||
    given.some(([name, value]) => name.length > 100 || value.length > INPUT_MAX)
  )
    throw new InboxError(
      'usage',
      `A workflow takes ${INPUTS_MAX} inputs at most, each a text of ${INPUT_MAX} characters at most.`,
    );
  const wanted = await ctx.deliveries.want(
    { kind: 'workflow', issueId: id, receiver, body: { inputs: { ...inputs } } },
    ctx.actor.name,
  );
  return knownIssue(id, wanted).delivery;
}

/** Tickets of an issue and workflows that were run about it, the newest first, at most 100. Throws `not_found`. */
export async function listDeliveries(
  ctx: AppContext,
  { id }: { readonly id: string },
): Promise<readonly Delivery[]> {
  permit(ctx, 'read');
  return knownIssue(id, await ctx.deliveries.ofIssue(id));
}

/** Takes back a ticket or a run that was not delivered yet, or that failed. Throws `conflict` for one that was delivered. */
export async function withdrawDelivery(ctx: AppContext, { id }: { readonly id: string }): Promise<void> {
  permit(ctx, 'triage');
  if ((await ctx.deliveries.withdraw([id], ctx.actor.name)) === 0)
    throw new InboxError(
      'conflict',
      `Nothing by the name ${oneLine(id, 60)} waits any more: what was delivered stays where it is.`,
    );
}

/** The same for many: those that were delivered meanwhile stay where they are. Answers how many were taken back. */
export async function withdrawDeliveries(
  ctx: AppContext,
  { ids }: { readonly ids: readonly string[] },
): Promise<{ readonly withdrawn: number }> {
  permit(ctx, 'triage');
  return { withdrawn: await ctx.deliveries.withdraw(ids, ctx.actor.name) };
}

async function knownTracker(ctx: AppContext, name: string): Promise<void> {
  const { kind } = await knownReceiver(ctx, name);
  if (kind === 'webhook')
    throw new InboxError('usage', `${name} is a webhook, and no tracker in which tickets are made.`);
}

async function knownReceiver(ctx: AppContext, name: string): Promise<Receiver> {
  const receiver = (await ctx.receivers.list()).find((each) => each.name === name);
  if (receiver === undefined)
    throw new InboxError(
      'not_found',
      `There is no receiver ${oneLine(name, 64)}; "receivers list" prints those there are.`,
    );
  return receiver;
}
