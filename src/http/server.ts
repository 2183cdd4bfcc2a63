import { randomUUID } from 'node:crypto';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { SECOND_MS } from '#base/instant.ts';
import { ISSUE_NAME_MAX } from '#contract/issue-names.ts';
import { answerRefusal, answerRefusals, logAnswers } from './answer-refusals.ts';
import { answerRepeats } from './answer-repeats.ts';
import type { App } from './app.ts';
import { authenticateRequests } from './authentication.ts';
import { describeApi } from './describe-api.ts';
import { addSafeHeaders, guardRequests } from './guard-requests.ts';
import { Metrics, measureRequests } from './metrics.ts';
import { makeRateLimits } from './rate-limits.ts';
import { acceptanceRoutes } from './routes/acceptances.ts';
import { advisoryRoutes } from './routes/advisories.ts';
import { attackPathRoutes } from './routes/attack-paths.ts';
import { automationRoutes } from './routes/automation.ts';
import { controlRoutes } from './routes/controls.ts';
import { cspReportRoutes } from './routes/csp-reports.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { explorerRoutes } from './routes/explorers.ts';
import { exportRoutes } from './routes/export.ts';
import { feedRoutes } from './routes/feeds.ts';
import { healthRoutes } from './routes/health.ts';
import { importRoutes } from './routes/imports.ts';
import { issueActionRoutes } from './routes/issue-actions.ts';
import { issueRoutes } from './routes/issues.ts';
import { mappingRoutes } from './routes/mappings.ts';
import { networkRoutes } from './routes/networks.ts';
import { overviewRoutes } from './routes/overview.ts';
import { ownerRoutes } from './routes/owners.ts';
import { queryRoutes } from './routes/query.ts';
import { receiverRoutes } from './routes/receivers.ts';
import { resourceRoutes } from './routes/resources.ts';
import { ruleRoutes } from './routes/rules.ts';
import { sessionRoutes } from './routes/session.ts';
import { sourceRoutes } from './routes/sources.ts';
import { viewRoutes } from './routes/views.ts';
import { watchRoutes } from './routes/watches.ts';
import type { ServerParts } from './server-parts.ts';
import { answerUnknownAddresses, serveWebApp } from './web-app.ts';

const JSON_MAX_BYTES = 1024 ** 2;

/** Makes the HTTP door; it does not listen yet (design: reliability, HTTP server). */
export async function makeServer(parts: ServerParts, metrics: Metrics = new Metrics()): Promise<App> {
  const app: App = fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: JSON_MAX_BYTES,
    routerOptions: { maxParamLength: ISSUE_NAME_MAX },
    connectionTimeout: 60 * SECOND_MS,
    // A proxy in front keeps its connections for a minute; ours have to outlive them, or it meets a closed one.
    keepAliveTimeout: (parts.publicUrl === null ? 5 : 65) * SECOND_MS,
    maxRequestsPerSocket: 1_000,
    // A proxy that ends TLS runs on this machine; whoever else claims to be one is not believed.
    trustProxy: parts.publicUrl === null ? false : 'loopback',
    // An address that cannot even be decoded meets no hook.
    frameworkErrors: (error, request, reply) => {
      addSafeHeaders(request, reply, parts.publicUrl);
      return answerRefusal(error, request, reply);
    },
    http: {
      headersTimeout: 10 * SECOND_MS,
      maxHeaderSize: 16 * 1024,
      // How often node looks for connections that are over their time: its own half minute would make 40 seconds of 10.
      connectionsCheckingInterval: SECOND_MS,
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = 1_000;
  app.server.maxHeadersCount = 100;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');

  answerRefusals(app);
  logAnswers(app);
  measureRequests(app, metrics);
  guardRequests(app, parts.publicUrl);
  await app.register(cookie);
  const limits = makeRateLimits(parts.context.clock, parts.context.limits, parts.uploadMaxBytesPerDay);
  authenticateRequests(app, parts, limits);
  // Bodies are not unpacked here: the importer opens compressed reports, with its limits.
  await app.register(compress, { globalDecompression: false, encodings: ['gzip'] });

  await describeApi(app, parts.version);
  answerRepeats(app, parts);
  sessionRoutes(app, parts, limits);
  await app.register((scope, _options, done) => {
    cspReportRoutes(scope.withTypeProvider<ZodTypeProvider>(), parts, limits);
    done();
  });
  issueRoutes(app, parts);
  issueActionRoutes(app, parts);
  acceptanceRoutes(app, parts);
  exportRoutes(app, parts, limits);
  deliveryRoutes(app, parts);
  receiverRoutes(app, parts);
  queryRoutes(app, parts);
  resourceRoutes(app, parts);
  explorerRoutes(app, parts);
  overviewRoutes(app, parts);
  attackPathRoutes(app, parts);
  ruleRoutes(app, parts);
  automationRoutes(app, parts);
  mappingRoutes(app, parts);
  networkRoutes(app, parts);
  ownerRoutes(app, parts);
  viewRoutes(app, parts);
  watchRoutes(app, parts);
  sourceRoutes(app, parts);
  controlRoutes(app, parts);
  advisoryRoutes(app, parts);
  feedRoutes(app, parts);
  healthRoutes(app, parts, metrics);
  // What an upload's body may be, and to whom files are shown, holds for no other route.
  await app.register((scope, _options, done) => {
    importRoutes(scope.withTypeProvider<ZodTypeProvider>(), parts, limits, metrics);
    done();
  });
  await app.register((scope, _options, done) => {
    if (parts.webFolder === null) answerUnknownAddresses(scope);
    else serveWebApp(scope, parts.webFolder);
    done();
  });
  return app;
}
