import { InboxError } from '#base/inbox-error.ts';
import { type Instant, instantText } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import type { DueDelivery } from '#domain/delivery/delivery.ts';
import type { Receiver } from '#domain/delivery/receiver.ts';
import { ticketText } from '#domain/delivery/ticket-text.ts';
import type { DeliveryOutcome } from '#domain/ports/delivery-store.ts';
import type { IssueView } from '#domain/ports/inbox-store.ts';
import type { Tracker } from '#domain/ports/tracker.ts';
import { type AppContext, permit } from './context.ts';
import { DeliveryFailure } from './delivery-failure.ts';
import { openSecret } from './seal-secret.ts';

/** A signed message; `id` is the same when it is sent again. */
export interface WebhookMessage {
  readonly id: string;
  readonly at: Instant;
  readonly body: JsonObject;
}

/** How we get outside. What goes wrong there is thrown as `DeliveryFailure`. */
export interface Outside {
  tracker(receiver: Receiver, secret: string): Tracker;
  /** Answers where the receiver shows what it made of the message; null: it does not say. */
  send(receiver: Receiver, secret: string, message: WebhookMessage): Promise<string | null>;
  /** Where the pages of this server are; null: nobody knows. */
  readonly address: string | null;
}

const PART = 100;

/**
 * Delivers what is due: what happened to issues to those who want to know, tickets, and messages of workflows. What fails
 * is tried again later, with a bound. Answers how many were tried; at most a hundred, so that other work gets its turn.
 */
export async function deliverDue(ctx: AppContext, outside: Outside): Promise<number> {
  permit(ctx, 'administer');
  while ((await ctx.deliveries.routeEvents()) > 0);
  for (let tried = 0; tried < PART; tried++) {
    const due = await ctx.deliveries.takeDue();
    if (due === null) return tried;
    await deliver(ctx, outside, due);
  }
  return PART;
}

async function deliver(ctx: AppContext, outside: Outside, due: DueDelivery): Promise<void> {
  const outcome = await outcomeOf(ctx, outside, due);
  await ctx.deliveries.finish(due.id, outcome);
  await ctx.receivers.tell(due.receiver, ctx.clock.now(), outcome.is === 'failed' ? outcome.sentence : null);
}

async function outcomeOf(ctx: AppContext, outside: Outside, due: DueDelivery): Promise<DeliveryOutcome> {
  try {
    const receiver = (await ctx.receivers.list()).find(({ name }) => name === due.receiver);
    const sealed = await ctx.receivers.sealedSecret(due.receiver);
    if (receiver === undefined || sealed === null)
      throw new DeliveryFailure(`There is no receiver ${due.receiver} any more.`);
    const secret = openSecret(ctx.secretKey, receiver, sealed);
    if (due.kind === 'ticket') return await makeTicket(ctx, outside, due, outside.tracker(receiver, secret));
    const url = await outside.send(receiver, secret, {
      id: due.id,
      at: ctx.clock.now(),
      body: due.kind === 'event' ? { type: 'event', ...due.body } : await workflowBody(ctx, outside, due),
    });
    return { is: 'made', key: null, url };
  } catch (error) {
    if (error instanceof DeliveryFailure)
      return { is: 'failed', sentence: oneLine(error.message, 500), leaveAloneMs: error.leaveAloneMs };
    // What keeps us from reading our own data is no matter of the receiver; an address that may not be asked is.
    if (error instanceof InboxError && error.code !== 'database_unreachable' && error.code !== 'timeout')
      return { is: 'failed', sentence: oneLine(error.message, 500), leaveAloneMs: 0 };
    throw error;
  }
}

/** What an attempt before this one made is found by its mark, and not made again. */
async function makeTicket(
  ctx: AppContext,
  outside: Outside,
  due: DueDelivery,
  tracker: Tracker,
): Promise<DeliveryOutcome> {
  const there = await tracker.find(due.id, due.wantedAt);
  if (there !== null) return { is: 'made', ...there };
  const view = await issueOf(ctx, due);
  return { is: 'made', ...(await tracker.create(ticketText(due.id, view, addressOf(outside, view)))) };
}

async function workflowBody(ctx: AppContext, outside: Outside, due: DueDelivery): Promise<JsonObject> {
  const view = await issueOf(ctx, due);
  const { row } = view;
  return {
    type: 'workflow',
    run: due.id,
    workflow: due.receiver,
    by: due.wantedBy,
    at: instantText(due.wantedAt),
    inputs: due.body['inputs'] ?? {},
    issue: {
      id: row.id,
      key: row.key,
      title: row.title,
      type: row.type,
      severity: row.severity,
      score: row.score,
      risks: Object.entries(row.riskStates).flatMap(([risk, state]) => (state === 'yes' ? [risk] : [])),
      team: row.team,
      assignee: row.assignee,
      url: addressOf(outside, view),
    },
  };
}

async function issueOf(ctx: AppContext, due: DueDelivery): Promise<IssueView> {
  const view = await ctx.inbox.view(due.issueId);
  if (view === null) throw new DeliveryFailure('The issue is gone.');
  return view;
}

function addressOf({ address }: Outside, { row }: IssueView): string | null {
  return address === null ? null : `${address}/issues/${row.id}`;
}
