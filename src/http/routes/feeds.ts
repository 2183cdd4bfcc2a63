import { listFeeds } from '#app/list-feeds.ts';
import { feedListSchema } from '#contract/feed.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import { presentFeed } from '../present-feed.ts';
import type { ServerParts } from '../server-parts.ts';

export function feedRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/feeds',
    schema: { summary: 'The intelligence feeds and how old they are', response: { 200: feedListSchema } },
    handler: async (request) => ({ items: (await listFeeds(contextOf(request, parts))).map(presentFeed) }),
  });
}
