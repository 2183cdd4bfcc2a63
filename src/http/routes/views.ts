import type { AppContext } from '#app/context.ts';
import { listViews, removeView, shareView } from '#app/share-views.ts';
import { instantText } from '#base/instant.ts';
import { type ViewBody, viewBodySchema, viewListSchema, viewRemovalSchema } from '#contract/view.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

/** Lists by name that all of the organisation sees. */
export function viewRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/views',
    schema: {
      summary: 'Lists by name that all of the organisation sees',
      response: { 200: viewListSchema },
    },
    handler: (request) => present(contextOf(request, parts)),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/views',
    schema: {
      summary: 'Share a list by name',
      body: viewBodySchema,
      response: { 200: viewListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      const { name, search } = request.body;
      await shareView(ctx, {
        name,
        search: Object.fromEntries(
          Object.entries(search).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
        ),
      });
      return present(ctx);
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/views/remove',
    schema: {
      summary: 'A list is shared no longer',
      body: viewRemovalSchema,
      response: { 200: viewListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      await removeView(ctx, request.body);
      return present(ctx);
    },
  });
}

async function present(ctx: AppContext) {
  const views = await listViews(ctx);
  return {
    items: views.map(({ name, search, actor, at }) => ({
      name,
      // It came in by the same shape.
      search: search as ViewBody['search'],
      sharedBy: actor,
      sharedAt: instantText(at),
    })),
  };
}
