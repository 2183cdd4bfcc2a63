import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AppContext } from '#app/context.ts';
import { createSignInLink } from '#app/create-sign-in-link.ts';
import { listPeople } from '#app/list-people.ts';
import { InboxError } from '#base/inbox-error.ts';
import type { ServeRequest } from '#cli/parts.ts';
import { shellWord } from '#domain/resource/shell-word.ts';
import type { App } from '#http/app.ts';
import { makeLog } from '#http/log.ts';
import { Metrics } from '#http/metrics.ts';
import { checkListenHost, readPublicUrl } from '#http/public-url.ts';
import { DEFAULT_SIGN_OF_LIFE_MS, type ServerParts, uploadBounds } from '#http/server-parts.ts';
import { startDelivering } from '#jobs/delivery-timer.ts';
import { keepFirstLink } from '#jobs/first-link.ts';
import { loadDemo } from '#jobs/load-demo.ts';
import { lookAtAddress } from '#jobs/look-at-address.ts';
import { lookAtFolder } from '#jobs/look-at-folder.ts';
import { outsideOver } from '#jobs/outside.ts';
import { removeServerState, runningServer, type ServerState, writeServerState } from '#jobs/server-state.ts';
import { freshSpoolFolder } from '#jobs/spool-folder.ts';
import { startImport } from '#jobs/start-import.ts';
import { startSweeping } from '#jobs/sweep-timer.ts';
import { startWatching } from '#jobs/watch-timer.ts';
import { workerBounds } from '#jobs/worker-bounds.ts';
import { openPool, PAGE_PATIENCE, type Pool } from '#store/database.ts';
import type { Host } from './host.ts';
import { workerCommand } from './import-worker-process.ts';
import { dataDirectoryOf, type Installation, openInstallation, partsOf } from './installation.ts';

/** Runs the server until it is asked to end, or points to the one that runs already; answers the exit code. */
export async function serve(host: Host, request: ServeRequest): Promise<number> {
  const { config, print, complain } = host;
  const place = { data: request.data ?? (request.demo ? join(config.installRoot, '.data-demo') : null) };
  const { directory, reason } = dataDirectoryOf(host, place);
  if (reason !== null) print(reason);
  const running = await runningServer(directory, fetch);
  const installation = await openInstallation(host, place, request.databaseUrl ?? config.databaseUrl);
  if (installation.warning !== null) complain(`Warning: ${installation.warning}`);
  try {
    if (running !== null) {
      await pointTo(host, installation.ctx, directory, running);
      return 0;
    }
    if (request.demo) {
      await loadDemo(installation.ctx, join(config.installRoot, 'test', 'worlds', 'demo'), print);
      print(`The command line asks these data with --data ${shellWord(directory)}`);
    }
    return await listen(host, installation, request);
  } finally {
    await installation.close();
  }
}

async function listen(host: Host, installation: Installation, request: ServeRequest): Promise<number> {
  const { config, clock, print } = host;
  const { ctx, address, database, dataDirectory } = installation;
  const publicUrl = request.publicUrl === null ? null : readPublicUrl(request.publicUrl);
  checkListenHost(request.host, publicUrl, await listPeople(ctx));
  const log = makeLog(process.stderr, 'warn');
  // Whoever waits in front of a page waits for seconds; what the server does by itself takes its time.
  const pages = openPool(address, {
    patience: PAGE_PATIENCE,
    onLost: () => void database?.ensureRunning().catch(() => undefined),
  });
  const metrics = new Metrics();
  const metricsPort = request.metricsPort ?? config.metricsPort;
  const parts: ServerParts = {
    context: await partsOf(host, pages, dataDirectory),
    log,
    version: host.version,
    publicUrl,
    webFolder: join(config.installRoot, 'web', 'dist'),
    spoolFolder: await freshSpoolFolder(dataDirectory),
    ...uploadBounds(config.limits),
    signOfLifeMs: DEFAULT_SIGN_OF_LIFE_MS,
    runImportWorker: ({ path, name, options, actor }, told) =>
      startImport(
        workerCommand(host, dataDirectory, request.databaseUrl),
        { files: [{ path, name }], options, actor },
        workerBounds(config.limits),
        told,
      ),
    isReady: () => answers(pages),
    isWatchedElsewhere: metricsPort !== null,
  };
  // Only a server needs its door; other verbs need not wait until it is loaded.
  const [{ makeServer }, { makeManagementServer }] = await Promise.all([
    import('#http/server.ts'),
    import('#http/management.ts'),
  ]);
  const server = await makeServer(parts, metrics);
  const management = metricsPort === null ? null : await makeManagementServer(parts, metrics);
  let stopSweeping: (() => void) | null = null;
  let stopWatching: (() => void) | null = null;
  let stopDelivering: (() => Promise<void>) | null = null;
  try {
    const ending = asked();
    if (management !== null && metricsPort !== null) await listenForWatchers(management, metricsPort);
    try {
      await server.listen({ port: request.port, host: request.host });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      const other = await startedMeanwhile(dataDirectory);
      if (other === null)
        throw new InboxError(
          'port_taken',
          `Port ${request.port} is held by another program. Choose another one with --port.`,
          { cause: error },
        );
      await pointTo(host, ctx, dataDirectory, other);
      return 0;
    }
    stopSweeping = startSweeping(ctx, (error) => log.error({ err: error }, 'sweeping failed'));
    stopWatching = startWatching(
      ctx,
      {
        lookAt: (watch) =>
          /^https?:/i.test(watch.location)
            ? lookAtAddress(watch, parts.spoolFolder, config.limits['upload-mb'] * 1024 * 1024)
            : lookAtFolder(watch, clock.now()),
        importFiles: (job) =>
          startImport(
            workerCommand(host, dataDirectory, request.databaseUrl),
            job,
            workerBounds(config.limits),
          ),
      },
      (error) => log.error({ err: error }, 'watching failed'),
    );
    const port = (server.server.address() as { port: number }).port;
    const url = `http://${request.host.includes(':') ? `[${request.host}]` : request.host}:${port}`;
    await writeServerState(dataDirectory, { pid: process.pid, url, publicUrl: publicUrl?.origin ?? url });
    stopDelivering = startDelivering(ctx, outsideOver(publicUrl?.origin ?? url), (error) =>
      log.error({ err: error }, 'delivering failed'),
    );
    print(`Security Inbox runs at ${publicUrl?.origin ?? url}`);
    await printSignInLink(host, ctx, dataDirectory, publicUrl?.origin ?? url);
    await ending;
    return 0;
  } finally {
    stopSweeping?.();
    stopWatching?.();
    await stopDelivering?.();
    await server.close();
    await management?.close();
    await pages.end();
    await removeServerState(dataDirectory);
  }
}

async function listenForWatchers(management: App, port: number): Promise<void> {
  try {
    await management.listen({ port, host: '127.0.0.1' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new InboxError(
      'port_taken',
      `Port ${port} is held by another program. Choose another one with --metrics-port.`,
      { cause: error },
    );
  }
}

async function pointTo(
  host: Host,
  ctx: AppContext,
  dataDirectory: string,
  running: ServerState,
): Promise<void> {
  host.print(`Security Inbox already runs at ${running.publicUrl}`);
  await printSignInLink(host, ctx, dataDirectory, running.publicUrl);
}

const STARTED_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** The server that took the port, if it is of these data: of two that start at once the other needs a moment to say so. */
async function startedMeanwhile(dataDirectory: string): Promise<ServerState | null> {
  for (let waited = 0; waited < STARTED_WITHIN_MS; waited += LOOK_EVERY_MS) {
    const running = await runningServer(dataDirectory, fetch);
    if (running !== null) return running;
    await pause(LOOK_EVERY_MS);
  }
  return null;
}

/** Until somebody asks the process to end. */
function asked(): Promise<void> {
  return new Promise((resolve) => {
    // A signal to the whole group arrives twice, directly and from the launcher: the second must not cut the end short.
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
  });
}

async function answers(pool: Pool): Promise<boolean> {
  try {
    await pool.query('select 1 from migration limit 1');
    return true;
  } catch {
    // Whatever keeps the database from answering, it is not ready.
    return false;
  }
}

async function printSignInLink(
  { print }: Host,
  ctx: AppContext,
  dataDirectory: string,
  url: string,
): Promise<void> {
  const { secret, isFirst } = await createSignInLink(ctx, { name: null, address: url });
  const link = `${url}/sign-in#${secret}`;
  await keepFirstLink(dataDirectory, isFirst ? link : null);
  print(`Sign in once within 30 minutes: ${link}`);
}
