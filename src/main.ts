import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AppContext } from '#app/context.ts';
import { createSignInLink } from '#app/create-sign-in-link.ts';
import { listFeeds } from '#app/list-feeds.ts';
import { listPeople } from '#app/list-people.ts';
import { listSources } from '#app/list-sources.ts';
import { previewReports } from '#app/preview-reports.ts';
import { updateFeed } from '#app/update-feed.ts';
import { listWatches } from '#app/watch-location.ts';
import { InboxError, REFUSALS } from '#base/inbox-error.ts';
import { counted } from '#base/text.ts';
import type {
  DataPlace,
  Diagnosis,
  DiagnosisCheck,
  OpenedContext,
  ServeRequest,
  StopOutcome,
} from '#cli/parts.ts';
import { runCommandLine } from '#cli/program.ts';
import { sourceChecks, watchChecks } from '#cli/source-checks.ts';
import { nameCheck, renameCheck, versionOfCheckNames } from '#domain/control/name-check.ts';
import { FEEDS } from '#feeds/feeds.ts';
import { kev } from '#feeds/kev/kev.ts';
import { KEV_SNAPSHOT } from '#feeds/kev/kev-snapshot.ts';
import { FORMATS } from '#formats/formats.ts';
import { openInputs } from '#formats/reading/open-input.ts';
import { recogniseFormat } from '#formats/recognise-format.ts';
import type { App } from '#http/app.ts';
import { makeLog } from '#http/log.ts';
import { Metrics } from '#http/metrics.ts';
import { checkListenHost, readPublicUrl } from '#http/public-url.ts';
import { DEFAULT_SIGN_OF_LIFE_MS, type ServerParts, uploadBounds } from '#http/server-parts.ts';
import { startDelivering } from '#jobs/delivery-timer.ts';
import { keepFirstLink } from '#jobs/first-link.ts';
import { workOnImport } from '#jobs/import-worker.ts';
import { loadDemo } from '#jobs/load-demo.ts';
import { lookAtAddress } from '#jobs/look-at-address.ts';
import { lookAtFolder } from '#jobs/look-at-folder.ts';
import { openFeedFiles } from '#jobs/open-feed-files.ts';
import { outsideOver } from '#jobs/outside.ts';
import { findReportFiles } from '#jobs/report-files.ts';
import { removeServerState, runningServer, type ServerState, writeServerState } from '#jobs/server-state.ts';
import { freshSpoolFolder } from '#jobs/spool-folder.ts';
import { startImport } from '#jobs/start-import.ts';
import { startSweeping } from '#jobs/sweep-timer.ts';
import { startWatching } from '#jobs/watch-timer.ts';
import { workerBounds } from '#jobs/worker-bounds.ts';
import { PostgresAcceptanceStore } from '#store/acceptances.ts';
import { PostgresAdmissionStore } from '#store/admission.ts';
import { PostgresAnswerStore } from '#store/answers.ts';
import { PostgresPathStore } from '#store/attackpath/path-store.ts';
import { PostgresAutomationStore } from '#store/automation.ts';
import { PostgresBomStore } from '#store/boms.ts';
import { PostgresCommentStore } from '#store/comments.ts';
import { PostgresControlStore } from '#store/controls.ts';
import {
  checkDurability,
  checkServerVersion,
  type DatabaseAddress,
  openPool,
  PAGE_PATIENCE,
  type Pool,
  type Queryable,
} from '#store/database.ts';
import { PostgresDeliveryStore } from '#store/deliveries.ts';
import { chooseDataDirectory } from '#store/embedded/data-directory.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '#store/embedded/supervisor.ts';
import { backUpBeforeUpgrade } from '#store/embedded/upgrade-backup.ts';
import { PostgresExplorerStore } from '#store/explorer/explorer-store.ts';
import { PostgresExportStore } from '#store/exports.ts';
import { PostgresFeedStore } from '#store/feeds.ts';
import { PostgresImportStore } from '#store/import/import-session.ts';
import { PostgresInboxStore } from '#store/inbox.ts';
import { migrate } from '#store/migrate.ts';
import { PostgresNetworkStore } from '#store/networks.ts';
import { organisationOf } from '#store/organisation.ts';
import { PostgresOverviewStore } from '#store/overview.ts';
import { PostgresPeopleStore } from '#store/people.ts';
import { PostgresReceiverStore } from '#store/receivers.ts';
import { PostgresAliasStore } from '#store/rekey/alias-store.ts';
import { followAliases } from '#store/rekey/follow-aliases.ts';
import { followCheckNames } from '#store/rekey/rename-checks.ts';
import { PostgresResourceStore } from '#store/resource-views.ts';
import { PostgresRetentionStore } from '#store/retention.ts';
import { secretKeyOf } from '#store/secret-key.ts';
import { PostgresSourceStore } from '#store/sources.ts';
import { type ChainVerdict, verifyEvents } from '#store/verify-events.ts';
import { PostgresViewStore } from '#store/views.ts';
import { PostgresWatchStore } from '#store/watches.ts';
import { type Config, readConfig } from './config.ts';

const config = configured();
/** Archives of feeds have a member for each advisory. */
const FEED_LIMITS = { 'archive-members': 5_000_000, 'unpacked-mb': 64 * 1024 } as const;
const clock = { now: () => Date.now() };
const isRoot = process.getuid?.() === 0;
const version = (createRequire(import.meta.url)('../package.json') as { version: string }).version;
/** The hidden verb with which a server starts its import workers. */
const WORKER = '--import-worker';

/** An opened installation: its data folder, its database, and every part that a verb may use. */
interface Installation extends OpenedContext {
  readonly dataDirectory: string;
  readonly database: EmbeddedPostgres | null;
  readonly pool: Pool;
  readonly address: DatabaseAddress;
  /** What is to be said of a database that may lose what it acknowledged; null for none. */
  readonly warning: string | null;
}

function dataDirectoryOf(place: DataPlace): { readonly directory: string; readonly reason: string | null } {
  const requested = place.data ?? config.dataDirectory ?? undefined;
  if (config.databaseUrl !== null)
    return { directory: requested ?? join(config.installRoot, '.data'), reason: null };
  return chooseDataDirectory({ requested, installRoot: config.installRoot, isRoot });
}

async function openInstallation(
  place: DataPlace,
  databaseUrl: string | null = config.databaseUrl,
): Promise<Installation> {
  const { directory } = dataDirectoryOf(place);
  const database =
    databaseUrl === null
      ? await startEmbeddedPostgres({
          dataDirectory: directory,
          log: complain,
          searchPath: config.searchPath,
          ...(config.postgresBinaries === null ? {} : { binariesDirectory: config.postgresBinaries }),
        })
      : null;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const address: DatabaseAddress = database === null ? { url: databaseUrl as string } : database.connection;
  // The server that these connections belonged to may end with the process that owned it: run one again.
  const pool = openPool(address, { onLost: () => void database?.ensureRunning().catch(() => undefined) });
  try {
    const warning = await checkDurability(pool);
    await migrate(pool, {
      beforeUpgrade: async (session, missing) => complain(await prepareUpgrade(session, database, missing)),
    });
    await followCheckNames(pool, organisationOf(1n), clock.now(), {
      version: versionOfCheckNames(),
      nameOf: nameCheck,
      renamed: renameCheck,
    });
    await followAliases(pool, organisationOf(1n), clock.now());
    const ctx = await makeContext(pool, directory);
    await readShippedFeed(ctx);
    return {
      ctx,
      pool,
      address,
      warning,
      database,
      dataDirectory: directory,
      async close() {
        await pool.end();
        await database?.stop();
      },
    };
  } catch (error) {
    await pool.end();
    await database?.stop();
    throw error;
  }
}

/** What is done before a database that is in use is changed; answers how to go back. */
async function prepareUpgrade(
  session: Queryable,
  database: EmbeddedPostgres | null,
  missing: readonly string[],
): Promise<string> {
  if (database === null)
    return `The database at DATABASE_URL is brought up to date now (${missing.join(', ')}). An older program does not work on it after that: to go back, restore the backup that whoever runs it makes.`;
  return backUpBeforeUpgrade(session, { dataDirectory: database.dataDirectory, missing, now: clock.now() });
}

async function makeContext(pool: Pool, dataDirectory: string): Promise<AppContext> {
  const organisation = organisationOf(1n);
  const secretKey = await secretKeyOf(dataDirectory);
  return {
    actor: { name: 'command line', role: 'administer' },
    clock,
    formats: FORMATS,
    feeds: FEEDS,
    recognise: recogniseFormat,
    openInputs: (path, name) => openInputs(path, name, config.limits),
    secretKey,
    imports: new PostgresImportStore(pool, organisation, clock),
    boms: new PostgresBomStore(pool, organisation),
    watches: new PostgresWatchStore(pool, organisation),
    inbox: new PostgresInboxStore(pool, organisation, clock),
    views: new PostgresViewStore(pool, organisation),
    comments: new PostgresCommentStore(pool, organisation, clock),
    acceptances: new PostgresAcceptanceStore(pool, organisation, clock),
    resources: new PostgresResourceStore(pool, organisation, clock),
    explorer: new PostgresExplorerStore(pool, organisation, clock),
    overview: new PostgresOverviewStore(pool, organisation, clock),
    admission: new PostgresAdmissionStore(pool, organisation, clock),
    automation: new PostgresAutomationStore(pool, organisation, clock),
    controls: new PostgresControlStore(pool, organisation, clock),
    exports: new PostgresExportStore(pool, organisation, clock),
    receivers: new PostgresReceiverStore(pool, organisation),
    deliveries: new PostgresDeliveryStore(pool, organisation, clock),
    sources: new PostgresSourceStore(pool, organisation, clock),
    aliases: new PostgresAliasStore(pool, organisation, clock),
    networks: new PostgresNetworkStore(pool, organisation, clock),
    feedStore: new PostgresFeedStore(pool, organisation, clock),
    paths: new PostgresPathStore(pool, organisation, clock),
    people: new PostgresPeopleStore(pool, organisation, clock),
    retention: new PostgresRetentionStore(pool, organisation, clock, config.keepDays, secretKey),
    answers: new PostgresAnswerStore(pool, organisation, clock),
    limits: config.limits,
  };
}

/** A first run has intelligence without a network: the snapshot of KEV that ships with the product. */
async function readShippedFeed(ctx: AppContext): Promise<void> {
  const known = await ctx.feedStore.list();
  if (known.some((feed) => feed.id === kev.id)) return;
  const snapshot = { name: 'snapshot', open: () => createReadStream(KEV_SNAPSHOT) };
  await updateFeed(ctx, { feed: kev, files: [snapshot], origin: 'snapshot' });
}

async function serve(request: ServeRequest): Promise<number> {
  const place = { data: request.data ?? (request.demo ? join(config.installRoot, '.data-demo') : null) };
  const { directory, reason } = dataDirectoryOf(place);
  if (reason !== null) print(reason);
  const running = await runningServer(directory, fetch);
  const installation = await openInstallation(place, request.databaseUrl ?? config.databaseUrl);
  if (installation.warning !== null) complain(`Warning: ${installation.warning}`);
  try {
    if (running !== null) {
      await pointTo(installation.ctx, directory, running);
      return 0;
    }
    if (request.demo)
      await loadDemo(installation.ctx, join(config.installRoot, 'test', 'worlds', 'demo'), print);
    return await listen(installation, request);
  } finally {
    await installation.close();
  }
}

async function listen(installation: Installation, request: ServeRequest): Promise<number> {
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
    context: await makeContext(pages, dataDirectory),
    log,
    version,
    publicUrl,
    webFolder: join(config.installRoot, 'web', 'dist'),
    spoolFolder: await freshSpoolFolder(dataDirectory),
    ...uploadBounds(config.limits),
    signOfLifeMs: DEFAULT_SIGN_OF_LIFE_MS,
    runImportWorker: ({ path, name, options, actor }) =>
      startImport(
        workerCommand(dataDirectory, request),
        { files: [{ path, name }], options, actor },
        workerBounds(config.limits),
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
      await pointTo(ctx, dataDirectory, other);
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
          startImport(workerCommand(dataDirectory, request), job, workerBounds(config.limits)),
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
    await printSignInLink(ctx, dataDirectory, publicUrl?.origin ?? url);
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

async function pointTo(ctx: AppContext, dataDirectory: string, running: ServerState): Promise<void> {
  print(`Security Inbox already runs at ${running.publicUrl}`);
  await printSignInLink(ctx, dataDirectory, running.publicUrl);
}

const STARTED_WITHIN_MS = 5_000;

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

function workerCommand(dataDirectory: string, request: ServeRequest) {
  const url = request.databaseUrl ?? config.databaseUrl;
  return {
    program: process.execPath,
    args: [...process.execArgv, import.meta.filename, WORKER, dataDirectory, ...(url === null ? [] : [url])],
  };
}

async function runWorker(dataDirectory: string, databaseUrl: string | undefined): Promise<number> {
  const installation = await openInstallation({ data: dataDirectory }, databaseUrl ?? null);
  try {
    const answer = await workOnImport(installation.ctx, process.stdin, (progress) =>
      process.send?.(progress),
    );
    process.stdout.write(JSON.stringify(answer));
    return 0;
  } finally {
    await installation.close();
  }
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

async function printSignInLink(ctx: AppContext, dataDirectory: string, url: string): Promise<void> {
  const { secret, isFirst } = await createSignInLink(ctx, { name: null, address: url });
  const link = `${url}/sign-in#${secret}`;
  await keepFirstLink(dataDirectory, isFirst ? link : null);
  print(`Sign in once within 30 minutes: ${link}`);
}

async function stop(place: DataPlace): Promise<StopOutcome> {
  const { directory } = dataDirectoryOf(place);
  const server = await runningServer(directory, fetch);
  if (server !== null) {
    process.kill(server.pid, 'SIGTERM');
    await gone(server.pid);
  }
  const hadDatabase = config.databaseUrl === null && (await stopEmbeddedPostgres(directory));
  const what = [
    server === null ? null : `the server at ${server.publicUrl}`,
    hadDatabase ? 'the database' : null,
  ].filter((part) => part !== null);
  if (what.length === 0) return { isStopped: false, sentence: `Nothing runs on ${directory}.` };
  return { isStopped: true, sentence: `Stopped ${what.join(' and ')} on ${directory}.` };
}

const STOP_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Until a process has ended. Throws `timeout`. */
async function gone(pid: number): Promise<void> {
  for (let waited = 0; waited < STOP_WITHIN_MS; waited += LOOK_EVERY_MS) {
    try {
      process.kill(pid, 0);
    } catch {
      // There is no such process any more.
      return;
    }
    await pause(LOOK_EVERY_MS);
  }
  throw new InboxError(
    'timeout',
    `Process ${pid} was asked to end and still runs after ${STOP_WITHIN_MS / 1000} seconds.`,
  );
}

async function diagnose(place: DataPlace): Promise<Diagnosis> {
  const { directory, reason } = dataDirectoryOf(place);
  const checks: DiagnosisCheck[] = [];
  checks.push({
    title: 'data folder',
    state: 'ok',
    sentence: reason ?? `Data lie in ${directory}.`,
    remedy: null,
  });
  const server = await runningServer(directory, fetch);
  checks.push({
    title: 'server',
    state: 'ok',
    sentence:
      server === null
        ? 'No server runs on these data.'
        : `Runs at ${server.publicUrl} (process ${server.pid}).`,
    remedy: null,
  });
  try {
    const installation = await openInstallation(place);
    try {
      const number = await checkServerVersion(installation.pool);
      const kind =
        installation.database === null
          ? 'at DATABASE_URL'
          : installation.database.owned
            ? 'embedded, started for this check'
            : 'embedded, already running';
      checks.push({
        title: 'database',
        state: 'ok',
        sentence: `PostgreSQL ${(number / 10_000).toFixed(0)}, ${kind}.`,
        remedy: null,
      });
      if (installation.warning !== null)
        checks.push({
          title: 'durability',
          state: 'warning',
          sentence: installation.warning,
          remedy: null,
        });
      for (const feed of await listFeeds(installation.ctx)) {
        checks.push({
          title: feed.title,
          state: feed.state === 'fresh' ? 'ok' : 'warning',
          sentence: feed.sentence,
          remedy: feed.state === 'fresh' ? null : `security-inbox feeds update ${feed.id}`,
        });
      }
      checks.push(...sourceChecks(await listSources(installation.ctx)));
      checks.push(...watchChecks(await listWatches(installation.ctx)));
      checks.push(
        historyCheck(await verifyEvents(installation.pool, organisationOf(1n), installation.ctx.secretKey)),
      );
    } finally {
      await installation.close();
    }
  } catch (error) {
    if (!(error instanceof InboxError)) throw error;
    checks.push({ title: 'database', state: 'failure', sentence: error.message, remedy: null });
  }
  return { dataDirectory: directory, checks };
}

/** What was set wrongly is told as a wrong command line is, before anything is opened. */
function configured(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof InboxError)) throw error;
    complain(error.message);
    process.exit(REFUSALS[error.code].exitCode);
  }
}

/** Whether the audit trail still says what was recorded. */
function historyCheck({ checked, forgotten, unchained, broken }: ChainVerdict): DiagnosisCheck {
  if (broken !== null)
    return {
      title: 'history',
      state: 'failure',
      sentence: broken,
      remedy:
        'Somebody changed the database by hand, or restored a part of it. A backup from before has the events.',
    };
  const others = [
    ...(forgotten === 0 ? [] : [`${forgotten} that are kept no longer are accounted for`]),
    ...(unchained === 0 ? [] : [`${unchained} are older than the chain`]),
  ];
  return {
    title: 'history',
    state: 'ok',
    sentence: `${[`${counted(checked, 'event')} of the audit trail, none changed or missing`, ...others].join('; ')}.`,
    remedy: null,
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

const [first, ...rest] = process.argv.slice(2);
process.exitCode =
  first === WORKER
    ? await runWorker(rest[0] ?? '', rest[1])
    : await runCommandLine(process.argv.slice(2), {
        version,
        formats: FORMATS,
        openContext: (place) => openInstallation(place),
        serve,
        stop,
        diagnose,
        publicUrl: async (place) =>
          (await runningServer(dataDirectoryOf(place).directory, fetch))?.publicUrl ?? null,
        openFeedFiles: (location) =>
          openFeedFiles(location, fetch, (path, name) =>
            openInputs(path, name, { ...config.limits, ...FEED_LIMITS }),
          ),
        reportFiles: (paths) => findReportFiles(paths, process.stdin),
        previewReports: (request) =>
          previewReports(
            {
              formats: FORMATS,
              recognise: recogniseFormat,
              openInputs: (path, name) => openInputs(path, name, config.limits),
            },
            request,
          ),
        request: fetch,
        input: process.stdin,
        out: process.stdout,
        err: process.stderr,
        isColourWanted: config.isColourWanted && process.stdout.isTTY === true,
        columns: process.stdout.isTTY ? process.stdout.columns : null,
        now: clock.now,
      });
