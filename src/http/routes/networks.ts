import { addNetwork, removeNetwork } from '#app/change-networks.ts';
import type { AppContext } from '#app/context.ts';
import { listNetworks } from '#app/list-networks.ts';
import { instantText } from '#base/instant.ts';
import { networkBodySchema, networkListSchema, networkRemovalSchema } from '#contract/network.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

/** Ranges of addresses that are the organisation's own. */
export function networkRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/networks',
    schema: {
      summary: 'The ranges of addresses that are no strangers',
      response: { 200: networkListSchema },
    },
    handler: (request) => present(contextOf(request, parts)),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/networks',
    schema: {
      summary: "Call a range the organisation's own; what is exposed is judged anew at once",
      body: networkBodySchema,
      response: { 200: networkListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      await addNetwork(ctx, request.body);
      return present(ctx);
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/networks/remove',
    schema: {
      summary: 'A range is one of strangers again',
      body: networkRemovalSchema,
      response: { 200: networkListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      await removeNetwork(ctx, request.body);
      return present(ctx);
    },
  });
}

async function present(ctx: AppContext) {
  const networks = await listNetworks(ctx);
  return {
    items: networks.map(({ cidr, label, actor, at }) => ({
      cidr,
      label,
      addedBy: actor,
      addedAt: instantText(at),
    })),
  };
}
