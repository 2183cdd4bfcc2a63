import {
  type Delivery,
  deliveryListSchema,
  deliveryResultSchema,
  type TicketsBody,
  type TicketsResult,
  ticketsResultSchema,
  withdrawnDeliveriesSchema,
  withdrawnDeliverySchema,
} from '../../../../src/contract/delivery.ts';
import { post, readAs } from './call-api.ts';
import { issuePath } from './issue-path.ts';

/** Tickets of an issue and runs of workflows about it. */
export function getDeliveries(
  id: string,
  signal: AbortSignal,
): Promise<{ readonly items: readonly Delivery[] }> {
  return readAs(deliveryListSchema, `${issuePath(id)}/deliveries`, { signal });
}

export function makeTicket(id: string, receiver: string): Promise<{ readonly delivery: Delivery }> {
  return readAs(deliveryResultSchema, `${issuePath(id)}/ticket`, post({ receiver }));
}

/** The same for many issues, one each. */
export function makeTickets(body: TicketsBody): Promise<TicketsResult> {
  return readAs(ticketsResultSchema, '/issues/tickets', post(body));
}

/** Takes back what was not delivered yet. */
export function withdrawDelivery(id: string): Promise<{ readonly id: string }> {
  return readAs(withdrawnDeliverySchema, `/deliveries/${encodeURIComponent(id)}/withdraw`, post({}));
}

/** The same of many; answers how many waited still. */
export function withdrawDeliveries(ids: readonly string[]): Promise<{ readonly withdrawn: number }> {
  return readAs(withdrawnDeliveriesSchema, '/deliveries/withdraw', post({ ids }));
}

export function runWorkflow(
  id: string,
  receiver: string,
  inputs: Readonly<Record<string, string>>,
): Promise<{ readonly delivery: Delivery }> {
  return readAs(deliveryResultSchema, `${issuePath(id)}/workflow`, post({ receiver, inputs }));
}
