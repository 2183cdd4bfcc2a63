import { keepMapping, listMappings, removeMapping } from '#app/change-mappings.ts';
import type { AppContext } from '#app/context.ts';
import { presentMapping } from '#contract/from-domain/present-mapping.ts';
import { mappingBodySchema, mappingListSchema, mappingRemovalSchema } from '#contract/mapping.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

/** How reports of tools are read that no format knows. */
export function mappingRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/mappings',
    schema: {
      summary: 'The mappings that are kept, by name: how reports of tools are read that no format knows',
      response: { 200: mappingListSchema },
    },
    handler: (request) => present(contextOf(request, parts)),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/mappings',
    schema: {
      summary: 'Keep a mapping by a name, in the place of the one that had it',
      body: mappingBodySchema,
      response: { 200: mappingListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      await keepMapping(ctx, request.body);
      return present(ctx);
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/mappings/remove',
    schema: {
      summary: 'A mapping is kept no longer; what was read by it stays',
      body: mappingRemovalSchema,
      response: { 200: mappingListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      await removeMapping(ctx, request.body);
      return present(ctx);
    },
  });
}

async function present(ctx: AppContext) {
  return { items: (await listMappings(ctx)).map(presentMapping) };
}
