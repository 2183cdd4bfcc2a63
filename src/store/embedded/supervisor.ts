import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { InboxError } from '#base/inbox-error.ts';
import { findBinaries, type PostgresBinaries } from './binaries.ts';
import { type Endpoint, endpointOf } from './endpoint.ts';
import { ensureCluster } from './init-cluster.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { type Probe, probe } from './probe.ts';
import { inspectProcess } from './process-facts.ts';
import { checkRunDirectory, prepareRunDirectory } from './run-directory.ts';
import { type ServerExit, ServerProcess } from './server-process.ts';
import { DATABASE, SUPERUSER, serverArguments } from './server-settings.ts';
import { type ClusterHolder, clearStalePostmasterFile, findPostmaster } from './take-over.ts';
import { databaseUser, firstClosedFolder, type SystemUser } from './unprivileged-user.ts';

export interface EmbeddedPostgresOptions {
  /** Made when it is not there. The cluster is its folder `postgres`, the server's log `postgres.log`. */
  readonly dataDirectory: string;
  /** Told what takes long, in sentences for a person. */
  readonly log?: (message: string) => void;
  /** Folder of the PostgreSQL programs to use; absent: the packaged ones, else installed ones. */
  readonly binariesDirectory?: string;
  /** Where programs are looked for, as in PATH; absent: the usual folders of the system. */
  readonly searchPath?: string;
  /** Nothing is forced to the disk: a power cut may ruin the data. For data that are thrown away; only the process that starts the server decides it. */
  readonly isThrowaway?: boolean;
}

/** How to reach the server; `host` is the folder of its socket. The password is set on Windows only. */
export interface EmbeddedConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password?: string;
}

/** A running embedded server: ours (we started it) or adopted (another process of these data did). */
export interface EmbeddedPostgres {
  readonly connection: EmbeddedConnection;
  /** Whether this process started the server that runs now. */
  readonly owned: boolean;
  readonly version: string;
  /** Real path of the data folder. */
  readonly dataDirectory: string;
  /**
   * Makes sure that a server runs, and answers when it does: nothing to do, or adopted, or started. For
   * a pool that lost its connections, since an adopted server ends with its owner. Callers at the same
   * time share one attempt. Refuses after `stop`.
   */
  ensureRunning(): Promise<void>;
  /** Ends the server if it is ours (fast shutdown); leaves an adopted one alone. */
  stop(): Promise<void>;
  /** Calls back when a server of ours ends without `stop`; returns how to cancel. */
  onExit(listener: (exit: ServerExit) => void): () => void;
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin';
/** Recovery after a power cut takes its time. */
const START_LIMIT_MS = 300_000;
/**
 * A server listens within moments of taking its cluster, and back ends whose server was killed notice
 * it within moments, unless a query keeps one busy.
 */
const UNANSWERED_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 60_000;
const POLL_MS = 15;
/** What PostgreSQL says when another server, or what is left of one, holds the cluster. */
const OUTRUN = /lock file "postmaster\.pid"|pre-existing shared memory block/;

/**
 * Starts the embedded PostgreSQL on a data folder, or adopts the one that already runs there. Any
 * number of processes may call it at once, on a folder with or without a cluster: one server results
 * and all are connected to it. No lock is involved that a kill could leave behind: a cluster appears by
 * one rename, and PostgreSQL itself refuses a second server (design: storage, running the real
 * binaries).
 *
 * Errors: `database_binaries_missing`, `database_unsupported`, `database_unreachable`, `conflict`,
 * `timeout`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDirectory = await prepareDataDirectory(options.dataDirectory);
  const supervised = new SupervisedServer(dataDirectory, options);
  await supervised.ensureRunning();
  return supervised;
}

/** The connection to the server that runs on these data; null when none does. Starts and makes nothing. */
export async function probeEmbeddedPostgres(dataDirectory: string): Promise<EmbeddedConnection | null> {
  const cluster = await existingCluster(dataDirectory);
  if (cluster === null) return null;
  const { endpoint, answer } = await look(cluster, databaseUser(cluster, runsAsRoot()));
  return endpoint === null || answer.state === 'absent' ? null : connectionTo(endpoint);
}

/** Ends the server on these data, whoever started it (fast shutdown). False: none was running. */
export async function stopEmbeddedPostgres(dataDirectory: string): Promise<boolean> {
  const cluster = await existingCluster(dataDirectory);
  const pid = cluster === null ? null : await findPostmaster(cluster);
  if (cluster === null || pid === null) return false;
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ESRCH') return true;
    throw new InboxError(
      'forbidden',
      `The database (process ${pid}) belongs to another user; stop it as that user.`,
      {
        cause: error,
      },
    );
  }
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (inspectProcess(pid).state === 'alive') {
    if (Date.now() > deadline) {
      throw new InboxError(
        'timeout',
        `The database (process ${pid}) was told to stop and still runs after a minute.`,
      );
    }
    await pause(POLL_MS);
  }
  return true;
}

class SupervisedServer implements EmbeddedPostgres {
  readonly dataDirectory: string;
  readonly #options: EmbeddedPostgresOptions;
  readonly #cluster: string;
  readonly #exitListeners = new Set<(exit: ServerExit) => void>();
  #connection: EmbeddedConnection | null = null;
  #version = '';
  #server: ServerProcess | null = null;
  #attempt: Promise<void> | null = null;
  #stopped = false;

  constructor(dataDirectory: string, options: EmbeddedPostgresOptions) {
    this.dataDirectory = dataDirectory;
    this.#options = options;
    this.#cluster = clusterIn(dataDirectory);
  }

  get connection(): EmbeddedConnection {
    if (this.#connection === null) throw new InboxError('internal', 'The database was never reached.');
    return this.#connection;
  }

  get owned(): boolean {
    return this.#server?.running ?? false;
  }

  get version(): string {
    return this.#version;
  }

  ensureRunning(): Promise<void> {
    if (this.#stopped) {
      return Promise.reject(new InboxError('database_unreachable', 'The database has been stopped.'));
    }
    this.#attempt ??= this.#bringUp().finally(() => {
      this.#attempt = null;
    });
    return this.#attempt;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#attempt?.catch(() => {
      // Whoever asked for it hears why it failed.
    });
    await this.#server?.stop();
  }

  onExit(listener: (exit: ServerExit) => void): () => void {
    this.#exitListeners.add(listener);
    return () => this.#exitListeners.delete(listener);
  }

  async #bringUp(): Promise<void> {
    const begun = Date.now();
    let unansweredSince: number | null = null;
    for (;;) {
      const user = databaseUser(this.#cluster, runsAsRoot());
      const { endpoint, answer } = await look(this.#cluster, user);
      if (endpoint !== null && answer.state === 'ready') {
        this.#connection = connectionTo(endpoint);
        this.#version = answer.version;
        return;
      }
      if (answer.state === 'busy') {
        unansweredSince = null;
        if (Date.now() - begun > START_LIMIT_MS) throw this.#notReady(answer.detail);
      } else {
        const holder = await clearStalePostmasterFile(this.#cluster);
        const free = holder.kind === 'nobody' || holder.kind === 'hidden';
        if (free && (await this.#start(user)) === 'answers') continue;
        unansweredSince ??= Date.now();
        if (Date.now() - unansweredSince > UNANSWERED_LIMIT_MS) throw this.#unanswered(holder);
      }
      await pause(POLL_MS);
    }
  }

  #notReady(detail: string): InboxError {
    return new InboxError(
      'timeout',
      `The database in ${this.#cluster} is not ready after ${START_LIMIT_MS / 1000} seconds (${detail}). Its log is ${this.#logPath}.`,
    );
  }

  #unanswered(holder: ClusterHolder): InboxError {
    const seconds = UNANSWERED_LIMIT_MS / 1000;
    const found = {
      nobody: 'no server stayed up',
      unfinished_file: 'its postmaster.pid stays empty',
      server:
        'a server runs on it (process %), but its socket is not where it should be; stop that process with SIGINT',
      orphans: 'its main process (%) is gone, but processes that it started still use its memory; end them',
      hidden:
        'its postmaster.pid names process %, which belongs to somebody else; if that is no database, remove the file',
    }[holder.kind];
    const pid = 'pid' in holder ? String(holder.pid) : '';
    return new InboxError(
      'database_unreachable',
      `The database in ${this.#cluster} has not answered for ${seconds} seconds: ${found.replace('%', pid)}. Its log is ${this.#logPath}.`,
    );
  }

  /** `outrun`: another starter's server holds the cluster, or did a moment ago. */
  async #start(user: SystemUser | null): Promise<'answers' | 'outrun'> {
    const binaries = await findBinaries({
      binariesDirectory: this.#options.binariesDirectory,
      searchPath: this.#options.searchPath ?? SYSTEM_PATH,
      dataDirectory: this.dataDirectory,
      user,
    });
    await ensureCluster(this.#cluster, binaries, user, {
      log: (message) => this.#options.log?.(message),
      isThrowaway: this.#isThrowaway,
    });
    return this.#launch(binaries, user);
  }

  async #launch(binaries: PostgresBinaries, user: SystemUser | null): Promise<'answers' | 'outrun'> {
    const owner = user ?? ourselves();
    const endpoint = await endpointOf(this.#cluster, owner.uid);
    if (endpoint === null) {
      throw new InboxError('database_unsupported', `${this.#cluster} does not say where its server listens.`);
    }
    if (endpoint.host.startsWith('/')) await prepareRunDirectory(endpoint.host, owner);
    const server = await ServerProcess.start({
      binaries,
      clusterDirectory: this.#cluster,
      args: serverArguments(this.#cluster, endpoint, {
        memoryBytes: process.constrainedMemory() || totalmem(),
        isThrowaway: this.#isThrowaway,
      }),
      user,
      logPath: this.#logPath,
    });
    this.#server = server;
    const exit = await this.#firstAnswerOrExit(server, endpoint);
    if (exit === null) {
      void server.exited.then((late) => this.#announce(late));
      return 'answers';
    }
    const said = await server.said();
    if (OUTRUN.test(said)) return 'outrun';
    throw new InboxError(
      'database_unreachable',
      `The database did not start (${exit.failure?.message ?? exit.signal ?? `exit code ${exit.code}`}). ` +
        `It said:\n${said}\nIts log is ${this.#logPath}.`,
      { cause: exit.failure ?? undefined },
    );
  }

  /** Null when this very server answers; another starter's may answer while ours still gives up. */
  async #firstAnswerOrExit(server: ServerProcess, endpoint: Endpoint): Promise<ServerExit | null> {
    while (server.running) {
      if ((await probe(endpoint, this.#cluster)).state !== 'absent') {
        const file = await readPostmasterFile(this.#cluster);
        if (file !== null && !('empty' in file) && file.pid === server.pid) return null;
      }
      await pause(POLL_MS);
    }
    return server.exited;
  }

  #announce(exit: ServerExit): void {
    if (this.#stopped) return;
    for (const listener of this.#exitListeners) listener(exit);
  }

  get #isThrowaway(): boolean {
    return this.#options.isThrowaway ?? false;
  }

  get #logPath(): string {
    return join(this.dataDirectory, 'postgres.log');
  }
}

/** One look at whether a server answers; no endpoint: there is no place yet where one could. */
async function look(
  cluster: string,
  user: SystemUser | null,
): Promise<{ endpoint: Endpoint | null; answer: Probe }> {
  const owner = user ?? ourselves();
  const endpoint = await endpointOf(cluster, owner.uid);
  if (endpoint === null) return { endpoint, answer: { state: 'absent' } };
  if (endpoint.host.startsWith('/') && !(await checkRunDirectory(endpoint.host, owner))) {
    return { endpoint, answer: { state: 'absent' } };
  }
  return { endpoint, answer: await probe(endpoint, cluster) };
}

/** Makes the folder; for root, one that the database's user can pass through, but not read. */
async function prepareDataDirectory(directory: string): Promise<string> {
  try {
    const made = await mkdir(directory, { recursive: true, mode: 0o700 });
    const path = await realpath(directory);
    const user = databaseUser(clusterIn(path), runsAsRoot());
    if (user !== null) await openTheWay(path, made === undefined ? path : await realpath(made), user);
    return path;
  } catch (error) {
    throw new InboxError(
      'database_unreachable',
      `The data folder ${directory} cannot be used: ${(error as Error).message}. Choose another with --data.`,
      { cause: error },
    );
  }
}

/** Lets `user` pass the folders from `first` down to `directory`, which are ours; those above are not. */
async function openTheWay(directory: string, first: string, user: SystemUser): Promise<void> {
  for (;;) {
    const closed = firstClosedFolder(directory, user);
    if (closed === null) return;
    if (closed.length < first.length) {
      throw new Error(`user ${user.uid}, who runs the database, cannot enter ${closed}`);
    }
    await chmod(closed, ((await stat(closed)).mode & 0o7777) | 0o011);
  }
}

async function existingCluster(dataDirectory: string): Promise<string | null> {
  return realpath(dataDirectory).then(clusterIn, () => null);
}

function clusterIn(dataDirectory: string): string {
  return join(dataDirectory, 'postgres');
}

function connectionTo(endpoint: Endpoint): EmbeddedConnection {
  return { ...endpoint, user: SUPERUSER, database: DATABASE };
}

function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Windows has no such numbers; there they are never looked at. */
function ourselves(): SystemUser {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}
