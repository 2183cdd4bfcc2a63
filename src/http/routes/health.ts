import { type InboxQuestion, listInbox } from '#app/list-inbox.ts';
import { UNNARROWED } from '#app/unnarrowed.ts';
import type { App } from '../app.ts';
import type { Metrics } from '../metrics.ts';
import type { ServerParts } from '../server-parts.ts';

/** Who scrapes on the machine itself, without a token. */
export const SCRAPER = { name: 'metrics', role: 'read' } as const;
const NOTHING_FILTERED: InboxQuestion = {
  after: null,
  limit: 1,
  all: false,
  ...UNNARROWED,
  query: null,
};

/** For those who watch the server. None of it is part of the API. */
export function healthRoutes(app: App, parts: ServerParts, metrics: Metrics): void {
  app.route({
    method: 'GET',
    url: '/healthz',
    config: { access: 'public', isProbe: true },
    schema: { hide: true },
    handler: async (_request, reply) => reply.type('text/plain; charset=utf-8').send('ok\n'),
  });
  readyRoute(app, parts);
  // Where watchers have a port of their own, nobody else is told.
  if (!parts.isWatchedElsewhere) metricsRoute(app, parts, metrics);
}

export function readyRoute(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/readyz',
    config: { access: 'public', isProbe: true },
    schema: { hide: true },
    handler: async (_request, reply) => {
      const isReady = await parts.isReady();
      return reply
        .code(isReady ? 200 : 503)
        .type('text/plain; charset=utf-8')
        .send(isReady ? 'ready\n' : 'not ready\n');
    },
  });
}

export function metricsRoute(app: App, parts: ServerParts, metrics: Metrics): void {
  app.route({
    method: 'GET',
    url: '/metrics',
    config: { access: 'local' },
    schema: { hide: true },
    handler: async (request, reply) => {
      const listing = await listInbox(
        { ...parts.context, actor: request.actor ?? SCRAPER },
        NOTHING_FILTERED,
      );
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.text(listing));
    },
  });
}
