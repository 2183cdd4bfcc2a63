import { z } from 'zod';
import {
  createTicket,
  createTickets,
  listDeliveries,
  runWorkflow,
  withdrawDeliveries,
  withdrawDelivery,
} from '#app/want-delivery.ts';
import {
  deliveryListSchema,
  deliveryResultSchema,
  ticketBodySchema,
  ticketsBodySchema,
  ticketsResultSchema,
  withdrawalBodySchema,
  withdrawnDeliveriesSchema,
  withdrawnDeliverySchema,
  workflowBodySchema,
} from '#contract/delivery.ts';
import { presentDelivery } from '#contract/from-domain/present-delivery.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';
import { selectionOf } from './selection-of.ts';

const params = z.object({ id: z.string().min(1).max(100) });

/** Tickets and workflows of issues. */
export function deliveryRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/issues/:id/deliveries',
    schema: {
      summary: 'Tickets of an issue and workflows that were run about it, with what became of them',
      params,
      response: { 200: deliveryListSchema },
    },
    handler: async (request) => ({
      items: (await listDeliveries(contextOf(request, parts), request.params)).map(presentDelivery),
    }),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/issues/:id/ticket',
    schema: {
      summary: 'Make a ticket for an issue in a tracker, once; it is made after the answer',
      params,
      body: ticketBodySchema,
      response: { 200: deliveryResultSchema },
    },
    handler: async (request) => ({
      delivery: presentDelivery(
        await createTicket(contextOf(request, parts), { ...request.params, ...request.body }),
      ),
    }),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/issues/tickets',
    schema: {
      summary: 'Make a ticket for each of many issues in a tracker, once; they are made after the answer',
      body: ticketsBodySchema,
      response: { 200: ticketsResultSchema },
    },
    handler: async (request) => {
      const { receiver, expected = null, ...which } = request.body;
      const { deliveries, ...counts } = await createTickets(contextOf(request, parts), {
        selection: selectionOf(which),
        expected,
        receiver,
      });
      return { ...counts, deliveries: [...deliveries] };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/issues/:id/workflow',
    schema: {
      summary:
        'Run a workflow about an issue: send a signed message with inputs to a webhook, after the answer',
      params,
      body: workflowBodySchema,
      response: { 200: deliveryResultSchema },
    },
    handler: async (request) => {
      const { receiver, inputs = {} } = request.body;
      const ran = await runWorkflow(contextOf(request, parts), { ...request.params, receiver, inputs });
      return { delivery: presentDelivery(ran) };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/deliveries/withdraw',
    schema: {
      summary: 'Take back those of many tickets and runs that were not delivered yet',
      body: withdrawalBodySchema,
      response: { 200: withdrawnDeliveriesSchema },
    },
    handler: (request) => withdrawDeliveries(contextOf(request, parts), request.body),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/deliveries/:id/withdraw',
    schema: {
      summary: 'Take back a ticket or a run that was not delivered yet',
      params,
      response: { 200: withdrawnDeliverySchema },
    },
    handler: async (request) => {
      await withdrawDelivery(contextOf(request, parts), request.params);
      return { id: request.params.id };
    },
  });
}
