import { listReceivers, putReceiver, removeReceiver } from '#app/change-receivers.ts';
import type { AppContext } from '#app/context.ts';
import { presentReceiver } from '#contract/from-domain/present-delivery.ts';
import { receiverBodySchema, receiverListSchema, receiverRemovalSchema } from '#contract/receiver.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

/** Trackers and webhooks outside. */
export function receiverRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/receivers',
    schema: {
      summary: 'Trackers and webhooks to which the server delivers, without their secrets',
      response: { 200: receiverListSchema },
    },
    handler: (request) => present(contextOf(request, parts)),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/receivers',
    schema: {
      summary: 'Add a tracker or a webhook, or put another one in its place',
      body: receiverBodySchema,
      response: { 200: receiverListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      const { secret, allowPrivate = false, events = false, ...said } = request.body;
      const { project = null, ticketType = null, account = null, ...rest } = said;
      const { leastSeverity = null, digestMinutes = null } = said;
      const receiver = {
        ...rest,
        project,
        ticketType,
        account,
        allowsPrivate: allowPrivate,
        wantsEvents: events,
        leastSeverity,
        digestMinutes,
      };
      await putReceiver(ctx, { receiver, secret });
      return present(ctx);
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/receivers/remove',
    schema: {
      summary: 'Take a tracker or a webhook away, with its secret',
      body: receiverRemovalSchema,
      response: { 200: receiverListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      await removeReceiver(ctx, request.body);
      return present(ctx);
    },
  });
}

async function present(ctx: AppContext) {
  return { items: (await listReceivers(ctx)).map(presentReceiver) };
}
