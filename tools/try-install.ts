/**
 * Tries what the documentation promises about installing, with real installations of fresh copies of
 * this repository, in a path with a space: as root and as an ordinary user, twice at once, under
 * `ignore-scripts`, after `kill -9` in the middle of installing and of running, in a closed home, and
 * read-only. Takes minutes and needs npm's registry, so it is no part of `npm test`:
 *
 *   node bin/launch.mjs --run tools/try-install.ts [--stand-in] [--busy] [part of a scenario's name]
 *
 * `--busy` waits five times as long for a start, for a machine that does other work at the same time.
 * `--stand-in` tries the installation and the database alone, with a small program in place of
 * src/main.ts. Needs root, to become the others.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '..');
const ORDINARY = { uid: 12_345, gid: 12_345 };
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/;
/** The Node that a person starts with, not the one that runs this. */
const SYSTEM_NODE = process.env.SYSTEM_NODE ?? '/usr/bin/node';

const options = process.argv.slice(2);
const standIn = options.includes('--stand-in');
const START_LIMIT_MS = options.includes('--busy') ? 1_200_000 : 240_000;
const wanted = options.find((option) => !option.startsWith('--')) ?? '';

const base = mkdtempSync(join(tmpdir(), 'try-install-'));
chmodSync(base, 0o755);

interface Person {
  readonly user: { readonly uid: number; readonly gid: number } | null;
  readonly home: string;
}

const root: Person = { user: null, home: '/root' };
const ordinary: Person = { user: ORDINARY, home: join(base, 'home') };
mkdirSync(ordinary.home, { mode: 0o700 });
chownSync(ordinary.home, ORDINARY.uid, ORDINARY.gid);

/** A clone as git would make it now, owned by the person. */
function freshCopy(name: string, person: Person, parent = base): string {
  const copy = join(parent, name, 'security inbox');
  mkdirSync(copy, { recursive: true });
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  for (const path of listed.toString().split('\0')) {
    if (path === '' || !existsSync(join(ROOT, path))) continue;
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(ROOT, path), join(copy, path));
  }
  if (standIn) writeFileSync(join(copy, 'src/main.ts'), STAND_IN);
  if (person.user !== null)
    execFileSync('chown', ['-R', `${person.user.uid}:${person.user.gid}`, join(parent, name)]);
  return copy;
}

interface Running {
  readonly child: ChildProcess;
  /** All that was said so far. */
  said(): string;
}

const alive = new Set<ChildProcess>();

function begin(
  person: Person,
  cwd: string,
  command: readonly string[],
  environment: Record<string, string> = {},
): Running {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    cwd,
    env: { PATH: `${dirname(SYSTEM_NODE)}:/usr/local/bin:/usr/bin:/bin`, HOME: person.home, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...person.user,
  });
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  return { child, said: () => text };
}

/** The address that it prints, once a page can be had there. */
async function address(running: Running): Promise<string> {
  const found = await until(running, 'prints its address', () => ADDRESS.exec(running.said())?.[0]);
  const answer = await fetch(`${found}/healthz`);
  if (!answer.ok) throw new Error(`${found}/healthz answers ${answer.status}`);
  return found;
}

async function until<T>(running: Running, what: string, look: () => T | undefined | false): Promise<T> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (running.child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`expected that it ${what}; it said:\n${running.said()}`);
    }
    await pause(20);
  }
}

/** Signals the whole group, as a terminal or a machine's end does. */
async function end(running: Running, signal: NodeJS.Signals): Promise<void> {
  const { child } = running;
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  process.kill(-child.pid, signal);
  await exited;
}

async function ended(running: Running): Promise<number | null> {
  if (running.child.exitCode === null && running.child.signalCode === null) await once(running.child, 'exit');
  return running.child.exitCode;
}

function freePort(): Promise<string> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => found(String(typeof bound === 'object' ? bound?.port : 0)));
    });
  });
}

const start = (port: string): string[] => ['npm', 'start', '--', '--port', port];

async function startsAndStops(
  person: Person,
  copy: string,
  environment?: Record<string, string>,
): Promise<string> {
  const running = begin(person, copy, start(await freePort()), environment);
  const found = await address(running);
  await end(running, 'SIGTERM');
  return found;
}

const installedHalfWay = (copy: string) => (): boolean =>
  existsSync(join(copy, 'node_modules')) && readdirSync(join(copy, 'node_modules')).length > 60;

const scenarios: Record<string, () => Promise<string | undefined>> = {
  'as root': async () => startsAndStops(root, freshCopy('root', root)),

  'as an ordinary user without a name': async () => startsAndStops(ordinary, freshCopy('user', ordinary)),

  'as root, in a home closed to others': async () => {
    const home = join(base, 'closed');
    mkdirSync(home, { mode: 0o700 });
    const copy = freshCopy('clone', root, home);
    const running = begin(root, copy, start(await freePort()));
    await address(running);
    await end(running, 'SIGTERM');
    const place = /\/var\/lib\/security-inbox\/[\w-]+/.exec(running.said())?.[0];
    if (place === undefined)
      throw new Error(`expected it to say where the data lie; it said:\n${running.said()}`);
    rmSync(place, { recursive: true, force: true });
    return place;
  },

  'twice at once on a bare copy': async () => {
    const copy = freshCopy('twice', ordinary);
    const port = await freePort();
    const both = [begin(ordinary, copy, start(port)), begin(ordinary, copy, start(port))];
    await Promise.all(both.map(address));
    const lines = both
      .flatMap(({ said }) => said().split('\n'))
      .filter((line) => line.startsWith('Installing'));
    if (lines.length !== 1) throw new Error(`expected one installation, saw ${lines.length}`);
    // The one that found the other's server has ended by itself.
    if (!standIn) await Promise.any(both.map(async (one) => (await ended(one)) === 0 || Promise.reject()));
    await Promise.all(both.map((one) => end(one, 'SIGTERM')));
    return undefined;
  },

  'with ignore-scripts in the configuration of npm': async () =>
    startsAndStops(ordinary, freshCopy('scripts', ordinary), { npm_config_ignore_scripts: 'true' }),

  'after kill -9 of everything in the middle of installing': async () => {
    const copy = freshCopy('killed-install', ordinary);
    const first = begin(ordinary, copy, start(await freePort()));
    await until(first, 'installs', installedHalfWay(copy));
    await end(first, 'SIGKILL');
    return startsAndStops(ordinary, copy);
  },

  'after kill -9 of the launcher alone, while npm goes on': async () => {
    const copy = freshCopy('orphaned-install', ordinary);
    const first = begin(ordinary, copy, [SYSTEM_NODE, 'bin/launch.mjs', 'serve', '--port', await freePort()]);
    await until(first, 'installs', installedHalfWay(copy));
    first.child.kill('SIGKILL');
    const second = begin(ordinary, copy, start(await freePort()));
    await until(second, 'waits for npm', () => second.said().includes('Waiting for another start'));
    await address(second);
    if (second.said().includes('Installing'))
      throw new Error('expected it to use what the first npm installed');
    await end(second, 'SIGTERM');
    return undefined;
  },

  'after kill -9 in the middle of running': async () => {
    const copy = freshCopy('killed-run', ordinary);
    const first = begin(ordinary, copy, start(await freePort()));
    await address(first);
    await end(first, 'SIGKILL');
    const began = performance.now();
    await startsAndStops(ordinary, copy);
    return `warm start and stop ${seconds(began)}`;
  },

  'a whole installation that may not be written to': async () => {
    const copy = freshCopy('read-only', root);
    await startsAndStops(root, copy);
    rmSync(join(copy, '.data'), { recursive: true, force: true });
    const data = join(ordinary.home, 'data');
    const running = begin(ordinary, copy, [...start(await freePort()), '--data', data]);
    const found = await address(running);
    await end(running, 'SIGTERM');
    return found;
  },
};

const STAND_IN = `import { createServer } from 'node:http';
import { startEmbeddedPostgres } from '#store/embedded/supervisor.ts';
import { chooseDataDirectory } from '#store/embedded/data-directory.ts';
const args: string[] = process.argv.slice(2);
const after = (name: string): string | undefined => args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
const choice = chooseDataDirectory({ requested: after('--data'), installRoot: new URL('..', import.meta.url).pathname.replaceAll('%20', ' '), isRoot: process.getuid?.() === 0 });
if (choice.reason !== null) console.log(choice.reason);
const postgres = await startEmbeddedPostgres({ dataDirectory: choice.directory, log: console.log });
const server = createServer((_, response) => response.end('ok'));
server.on('error', () => undefined);
server.listen(Number(after('--port')), '127.0.0.1');
console.log(process.version, postgres.version, 'http://127.0.0.1:' + after('--port'));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, async () => { await postgres.stop(); process.exit(0); });
setInterval(() => undefined, 1000);
`;

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

let failed = 0;
// What was begun ends with whoever asked for it, and leaves nothing behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    for (const { pid } of alive) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    rmSync(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    process.exit(130);
  });
try {
  for (const [name, attempt] of Object.entries(scenarios)) {
    if (!name.includes(wanted)) continue;
    const began = performance.now();
    try {
      const seen = await attempt();
      console.log(`held    ${seconds(began).padStart(8)}  ${name}${seen === undefined ? '' : ` (${seen})`}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${seconds(began).padStart(8)}  ${name}\n${(error as Error).message}`);
    }
    for (const child of alive) if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }
} finally {
  rmSync(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
process.exit(failed === 0 ? 0 : 1);
