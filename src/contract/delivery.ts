import { z } from 'zod';
import { countSchema } from './count.ts';
import { inboxFilterSchema } from './inbox-page.ts';

/** A ticket for an issue, or a run of a workflow about it. */
const deliverySchema = z.object({
  id: z.string(),
  kind: z.enum(['ticket', 'workflow']),
  /** The name of the receiver. */
  receiver: z.string(),
  state: z.enum(['waiting', 'made', 'failed', 'withdrawn']),
  /** The rule that asks for it; null: a person. */
  rule: z.string().nullable(),
  wantedBy: z.string(),
  wantedAt: z.iso.datetime(),
  /** While it waits: when it is tried next. */
  nextAt: z.iso.datetime().nullable(),
  attempts: countSchema,
  /** Of a ticket that was made: `#12`, `SEC-12`. */
  key: z.string().nullable(),
  /** Where the ticket, or what the workflow made, is shown; null: there is nothing, or nobody says. */
  url: z.string().nullable(),
  /** Why it waits or failed. */
  sentence: z.string().nullable(),
});

export type Delivery = z.infer<typeof deliverySchema>;

/** `GET /api/v1/issues/:id/deliveries`: the newest first, at most 100. */
export const deliveryListSchema = z.object({ items: z.array(deliverySchema) });

/** Answer of `POST /api/v1/issues/:id/ticket` and `…/workflow`. */
export const deliveryResultSchema = z.object({ delivery: deliverySchema });

const receiver = z.string().trim().min(1).max(64);

/** Body of `POST /api/v1/issues/:id/ticket`: the name of a tracker. */
export const ticketBodySchema = z.strictObject({ receiver });

/**
 * Body of `POST /api/v1/issues/tickets`: issues by their ids, or all that a listing holds, at most 100, and the name of a
 * tracker. `expected`: nothing is done unless they are so many.
 */
export const ticketsBodySchema = z.strictObject({
  ids: z.array(z.string().min(1).max(100)).max(1_000).optional(),
  listing: inboxFilterSchema.optional(),
  receiver,
  expected: countSchema.optional(),
});

export type TicketsBody = z.infer<typeof ticketsBodySchema>;

/**
 * How many issues were meant, and of how many there is a ticket or will be one soon. `deliveries`: those that nobody had
 * asked for before, which can be taken back.
 */
export const ticketsResultSchema = z.object({
  matched: countSchema,
  wanted: countSchema,
  deliveries: z.array(z.string()),
});

export type TicketsResult = z.infer<typeof ticketsResultSchema>;

/** Body of `POST /api/v1/issues/:id/workflow`: the name of a webhook, and what the workflow takes. */
export const workflowBodySchema = z.strictObject({
  receiver,
  inputs: z.record(z.string().max(100), z.string().max(2_000)).optional(),
});

/** Answer of `POST /api/v1/deliveries/:id/withdraw`. */
export const withdrawnDeliverySchema = z.object({ id: z.string() });

/** Body of `POST /api/v1/deliveries/withdraw`. */
export const withdrawalBodySchema = z.strictObject({
  ids: z.array(z.string().min(1).max(100)).min(1).max(100),
});

/** How many were taken back; what was delivered meanwhile stays. */
export const withdrawnDeliveriesSchema = z.object({ withdrawn: countSchema });
