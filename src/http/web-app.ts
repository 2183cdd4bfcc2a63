import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { InboxError } from '#base/inbox-error.ts';

/** Files below it carry a hash of their content in their names. */
const HASHED = '/assets/';
/** A scraper that asks at the wrong door is told so, and not given a page. */
const METRICS = '/metrics';
const YEAR = 'public, max-age=31536000, immutable';

/** Serves the built web app to anybody; what it shows it asks of the API. An address that is no file is one of its pages. */
export function serveWebApp(app: FastifyInstance, folder: string): void {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'public', isForFirst: true };
  });
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request.method, request.url)) throw nothingThere();
    return reply.sendFile('index.html');
  });
  app.register(fastifyStatic, {
    root: folder,
    dotfiles: 'ignore',
    cacheControl: false,
    // What the build packed beside its files goes out as it is.
    preCompressed: true,
    setHeaders: (reply) => {
      reply.header('cache-control', reply.request.url.startsWith(HASHED) ? YEAR : 'no-cache');
    },
  });
}

/** Without the web app every address that is no route is unknown. */
export function answerUnknownAddresses(app: FastifyInstance): void {
  app.setNotFoundHandler(() => {
    throw nothingThere();
  });
}

function nothingThere(): InboxError {
  return new InboxError(
    'not_found',
    'There is nothing at this address. The API is described at /api/v1/openapi.json.',
  );
}

function isPage(method: string, url: string): boolean {
  const path = url.split('?', 1)[0] ?? '';
  const isElsewhere = path.startsWith('/api/') || path.startsWith(HASHED) || path === METRICS;
  return method === 'GET' && !isElsewhere && !path.includes('.');
}
