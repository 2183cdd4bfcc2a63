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
    const { receiver, secret } = await openReceiver(ctx, due.receiver);
    if (due.kind === 'ticket') return await makeTicket(ctx, outside, due, outside.tracker(receiver, secret));
    const url = await outside.send(receiver, secret, {
      id: due.id,
      at: ctx.clock.now(),
      body: due.kind === 'event' ? eventBody(due.body) : await workflowBody(ctx, outside, due),
    });
    return { is: 'made', key: null, url };
  } catch (error) {
    const { sentence, leaveAloneMs } = deliveryRefusal(error);
    return { is: 'failed', sentence: oneLine(sentence, 500), leaveAloneMs };
  }
}

/** What a receiver has against it; throws what is no matter of the receiver, such as that our own data cannot be read. */
export function deliveryRefusal(error: unknown): {
  readonly sentence: string;
  readonly leaveAloneMs: number;
} {
  if (error instanceof DeliveryFailure) return { sentence: error.message, leaveAloneMs: error.leaveAloneMs };
  if (error instanceof InboxError && error.code !== 'database_unreachable' && error.code !== 'timeout')
    return { sentence: error.message, leaveAloneMs: 0 };
  throw error;
}

/** The tracker by its name, with its secret. Throws `DeliveryFailure` where it is gone. */
export async function trackerOf(ctx: AppContext, outside: Outside, name: string): Promise<Tracker> {
  const { receiver, secret } = await openReceiver(ctx, name);
  return outside.tracker(receiver, secret);
}

async function openReceiver(
  ctx: AppContext,
  name: string,
): Promise<{ readonly receiver: Receiver; readonly secret: string }> {
  const receiver = (await ctx.receivers.list()).find((each) => each.name === name);
  const sealed = await ctx.receivers.sealedSecret(name);
  if (receiver === undefined || sealed === null)
    throw new DeliveryFailure(`There is no receiver ${name} any more.`);
  return { receiver, secret: openSecret(ctx.secretKey, receiver, sealed) };
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

/** One event, or a digest of several. */
function eventBody(body: JsonObject): JsonObject {
  return { type: 'events' in body ? 'digest' : 'event', ...body };
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
