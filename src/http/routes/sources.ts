import { listSources } from '#app/list-sources.ts';
import { presentSource } from '#contract/from-domain/present-source.ts';
import { sourceListSchema } from '#contract/source.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

export function sourceRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/sources',
    schema: {
      summary: 'Where reports come from, and what closings wait for a person',
      response: { 200: sourceListSchema },
    },
    handler: async (request) => ({
      items: (await listSources(contextOf(request, parts))).map(presentSource),
    }),
  });
}
