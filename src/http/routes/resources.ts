import { z } from 'zod';
import { showResources } from '#app/show-resources.ts';
import { presentResource } from '#contract/from-domain/present-resource.ts';
import { RESOURCE_ID_MAX, RESOURCES_MAX, resourceListSchema } from '#contract/resource.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

const idSchema = z.string().min(1).max(RESOURCE_ID_MAX);

/** The ids of resources hold every character that stands in addresses, so they are parameters and no part of the path. */
const querySchema = z.object({
  id: z.union([idSchema.transform((one) => [one]), z.array(idSchema).min(1).max(RESOURCES_MAX)]),
});

export function resourceRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/resources',
    schema: {
      summary: 'What is known of resources: risks with evidence, ways in, privilege, issues',
      querystring: querySchema,
      response: { 200: resourceListSchema },
    },
    handler: async (request) => {
      const ids = request.query.id;
      const views = await showResources(contextOf(request, parts), { ids });
      return { items: ids.map((id, index) => presentResource(id, views[index] ?? null)) };
    },
  });
}
