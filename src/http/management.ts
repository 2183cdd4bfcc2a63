import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { listFeeds } from '#app/list-feeds.ts';
import { listSources } from '#app/list-sources.ts';
import { SECOND_MS } from '#base/instant.ts';
import { answerRefusals } from './answer-refusals.ts';
import type { App } from './app.ts';
import { guardRequests } from './guard-requests.ts';
import type { Metrics } from './metrics.ts';
import { metricsRoute, readyRoute, SCRAPER } from './routes/health.ts';
import type { ServerParts } from './server-parts.ts';

/**
 * Makes the door for those who watch the server (reliability §6.2): metrics and what stands behind them, without a
 * token, and so for a port that listens on loopback only. It does not listen yet.
 */
export async function makeManagementServer(parts: ServerParts, metrics: Metrics): Promise<App> {
  const app: App = fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    connectionTimeout: 60 * SECOND_MS,
    http: { headersTimeout: 10 * SECOND_MS, maxHeaderSize: 16 * 1024 },
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = 20;
  const startedAt = parts.context.clock.now();
  answerRefusals(app);
  guardRequests(app, null);
  metricsRoute(app, parts, metrics);
  readyRoute(app, parts);
  app.get('/healthz', async (_request, reply) => {
    const health = await healthOf(parts, startedAt);
    return reply.code(health.database === 'ready' ? 200 : 503).send(health);
  });
  return app;
}

interface Health {
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly database: 'ready' | 'not ready';
  /** Null while the database is not ready. */
  readonly feeds: readonly { readonly id: string; readonly state: string }[] | null;
  /** Names of the sources that are silent for too long; null while the database is not ready. */
  readonly overdueSources: readonly string[] | null;
}

async function healthOf(parts: ServerParts, startedAt: number): Promise<Health> {
  const { context, version } = parts;
  const head = { version, uptimeSeconds: Math.floor((context.clock.now() - startedAt) / SECOND_MS) };
  if (!(await parts.isReady())) return { ...head, database: 'not ready', feeds: null, overdueSources: null };
  const ctx = { ...context, actor: SCRAPER };
  return {
    ...head,
    database: 'ready',
    feeds: (await listFeeds(ctx)).map(({ id, state }) => ({ id, state })),
    overdueSources: (await listSources(ctx)).filter(({ isOverdue }) => isOverdue).map(({ name }) => name),
  };
}
