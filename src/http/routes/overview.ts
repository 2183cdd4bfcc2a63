import { showOverview } from '#app/show-overview.ts';
import { presentOverview } from '#contract/from-domain/present-overview.ts';
import { overviewQuerySchema, overviewSchema } from '#contract/overview.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

export function overviewRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/overview',
    schema: {
      summary: 'Where the risk is, and whether it falls',
      querystring: overviewQuerySchema,
      response: { 200: overviewSchema },
    },
    handler: async (request) => presentOverview(await showOverview(contextOf(request, parts), request.query)),
  });
}
