import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import type { PostgresBinaries } from './binaries.ts';
import { runCommand } from './run-command.ts';
import type { SystemUser } from './unprivileged-user.ts';

/** How a server ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set when the program could not be started at all. */
  readonly failure: Error | null;
}

export interface ServerStart {
  readonly binaries: PostgresBinaries;
  readonly clusterDirectory: string;
  readonly args: readonly string[];
  readonly user: SystemUser | null;
  readonly logPath: string;
}

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const FAST_SHUTDOWN_LIMIT_MS = 60_000;

/** A server that this process started. */
export class ServerProcess {
  readonly exited: Promise<ServerExit>;
  readonly #child: ChildProcess;
  readonly #start: ServerStart;
  readonly #logStart: number;

  private constructor(child: ChildProcess, start: ServerStart, logStart: number) {
    this.#child = child;
    this.#start = start;
    this.#logStart = logStart;
    this.exited = new Promise((resolve) => {
      child.once('error', (failure) => resolve({ code: null, signal: null, failure }));
      child.once('exit', (code, signal) => resolve({ code, signal, failure: null }));
    });
  }

  /**
   * Starts the server in a session of its own, so that Ctrl-C in the terminal reaches the application
   * only, which stops the server after it has drained. Where `setpriv` can, the kernel sends the server
   * SIGINT (fast shutdown) when the thread that started it dies, even by SIGKILL: call from the main
   * thread. What it says goes to `logPath`, which outlives both.
   */
  static async start(start: ServerStart): Promise<ServerProcess> {
    const { binaries, user, logPath } = start;
    await keepLogSmall(logPath);
    const log = await open(logPath, 'a', 0o600);
    try {
      const logStart = (await log.stat()).size;
      // What root writes, the database's user must be able to go on with when it is started as itself.
      if (user !== null) await log.chown(user.uid, user.gid);
      const [file, prefix] = (await canTieToParent(binaries, user))
        ? ['setpriv', ['--pdeathsig', 'INT', '--', binaries.postgres]]
        : [binaries.postgres, []];
      const child = spawn(file, [...prefix, ...start.args], {
        cwd: '/',
        env: binaries.env,
        detached: true,
        windowsHide: true,
        stdio: ['ignore', log.fd, log.fd],
        ...(user === null ? {} : user),
      });
      child.unref();
      return new ServerProcess(child, start, logStart);
    } finally {
      await log.close();
    }
  }

  /** Number of the server's main process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What the log says since this server was started; another starter's lines may be among it. */
  async said(): Promise<string> {
    let text = '';
    for await (const chunk of createReadStream(this.#start.logPath, { start: this.#logStart })) text += chunk;
    return text.trim();
  }

  /** Fast shutdown: ends the sessions, writes everything down. After a minute, an immediate one. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.#child.ref();
    await this.#askToStop();
    const timer = setTimeout(() => this.#child.kill('SIGQUIT'), FAST_SHUTDOWN_LIMIT_MS);
    await this.exited;
    clearTimeout(timer);
  }

  async #askToStop(): Promise<void> {
    if (process.platform !== 'win32') {
      this.#child.kill('SIGINT');
      return;
    }
    // Windows has no signals; a kill there would be a crash.
    const { binaries, clusterDirectory } = this.#start;
    const args = ['stop', '-D', clusterDirectory, '-m', 'fast'];
    await runCommand(binaries.pgCtl, args, { user: null, env: binaries.env });
  }
}

async function canTieToParent(binaries: PostgresBinaries, user: SystemUser | null): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const trial = await runCommand('setpriv', ['--pdeathsig', 'INT', '--', 'true'], {
    user,
    env: binaries.env,
  });
  return trial.code === 0;
}

async function keepLogSmall(logPath: string): Promise<void> {
  const stats = await stat(logPath).catch(() => null);
  if (stats !== null && stats.size > LOG_LIMIT_BYTES) await rename(logPath, `${logPath}.1`);
}
