import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CommandHost, type CommandRun } from './command-host.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** It ends with this process, however that ends. */
const PROGRAM = [
  '--disable-warning=ExperimentalWarning',
  join(import.meta.dirname, 'run-server.test-process.ts'),
];

const ENVIRONMENT = {
  ...process.env,
  // As the launcher does it.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(ROOT, '.cache/compiled'),
  // Settings of the shell that runs the tests are not those of the product under test.
  DATABASE_URL: undefined,
  SECURITY_INBOX_DATA: undefined,
  PG_BIN_DIR: undefined,
};

type Environment = Readonly<Record<string, string>>;

/** A sample of a format, as a path from the root of the repository, where commands run. */
export function sample(format: string, name: string): string {
  return join('src/formats', format, 'samples', name);
}

/** A folder of a test's own. The database of root, which runs as somebody else, can pass it. */
export async function makeScratch(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'inbox-e2e-'));
  await chmod(folder, 0o711);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

let host: CommandHost | undefined;

interface CommandSetting {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: Environment;
}

/**
 * Runs `security-inbox` with these arguments, at the root of the repository: in a process of its own where it is
 * given an input or an environment, else in the one that serves all such commands of this file.
 */
export function runCommand(args: readonly string[], setting: CommandSetting = {}): Promise<CommandRun> {
  if (setting.input !== undefined || setting.env !== undefined) return runProcess(args, setting);
  host ??= new CommandHost(ENVIRONMENT);
  return host.run(args, setting.cwd ?? ROOT);
}

/** With a channel, by which it notices when this process is gone. */
function spawnProgram(
  args: readonly string[],
  { cwd = ROOT, env = {} }: { readonly cwd?: string; readonly env?: Environment | undefined },
): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn(process.execPath, [...PROGRAM, ...args], {
    cwd,
    env: { ...ENVIRONMENT, ...env },
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  }) as ChildProcessByStdio<Writable, Readable, Readable>;
}

/** The same always in a process of its own, as a person runs it. */
export async function runProcess(
  args: readonly string[],
  { input = '', cwd = ROOT, env = {} }: CommandSetting = {},
): Promise<CommandRun> {
  const child = spawnProgram(args, { cwd, env });
  // A command that reads no input closes it.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

/** What a command prints with `--json`. Throws with all that it said when it does not end with 0. */
export async function runJson<T>(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Environment } = {},
): Promise<T> {
  const { code, stdout, stderr } = await runCommand([...args, '--json'], options);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as T;
}

/** A server in a process of its own that has printed where it is. */
export interface RunningServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Signs in once. */
  readonly link: string;
  /** All that it said until then. */
  readonly printed: string;
  /** When the process has ended: its code, null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<number | null>;
  /** Ends it without asking. */
  kill(): Promise<void>;
}

const ADDRESS = /^Security Inbox runs at (\S+)$/m;
const LINK = /^Sign in once within 30 minutes: (\S+\/sign-in#\S+)$/m;

/** Starts `serve` on a free port and waits until it has printed a link. Throws with what it printed when it ends before that. */
export async function startServer(
  args: readonly string[],
  options: { readonly env?: Environment } = {},
): Promise<RunningServer> {
  const child = spawnProgram(['serve', '--port', '0', ...args], options);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  let printed = '';
  let complained = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complained += chunk;
  });
  const isUp = new Promise<true>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk;
      if (LINK.test(printed)) resolve(true);
    });
  });
  if ((await Promise.race([isUp, ended])) !== true)
    throw new Error(`serve ended with ${await ended}: ${printed}${complained}`);
  return {
    url: ADDRESS.exec(printed)?.[1] ?? '',
    link: LINK.exec(printed)?.[1] ?? '',
    printed,
    ended,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
