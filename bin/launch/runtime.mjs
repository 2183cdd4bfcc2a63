import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { pathToFileURL } from 'node:url';
import { LaunchError } from './launch-error.mjs';

/** The first Node that runs TypeScript as it is. */
const NEEDED = [22, 18];
// Megabytes for young objects: with four times as many a change of the rules takes as much processor time, and more memory.
const FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8'];

/** Path of a Node that runs the sources: the one that npm installed, else the one that runs us. */
export function modernNode(root) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const packaged = join(root, `node_modules/node-${platform}-${process.arch}/bin/${program}`);
  if (existsSync(packaged) && libc() === 'glibc') return packaged;
  if (isModern(process.versions.node)) return process.execPath;
  throw new LaunchError(
    `Security Inbox needs Node ${NEEDED.join('.')} or newer on ${process.platform}-${process.arch}, ` +
      `found ${process.version} (${process.execPath}).\nInstall a current Node from https://nodejs.org and try again.`,
  );
}

/** The C library, which a package built for another one cannot be loaded with. */
export function libc() {
  return existsSync('/etc/alpine-release') ? 'musl' : 'glibc';
}

function isModern(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** Runs a TypeScript file and ends as it ends: same exit code, or the same signal. */
export async function runOnNode(root, file, args) {
  const node = modernNode(root);
  // Compiling some hundred files is half of a short command's time. A folder that may not be written to is no harm.
  process.env.NODE_COMPILE_CACHE ??= join(root, '.cache/compiled');
  if (node === process.execPath) return runHere(file, args);
  const child = spawn(node, [...FLAGS, file, ...args], { stdio: 'inherit' });
  forwardSignals(child);
  const { code, signal, error } = await new Promise((resolve) => {
    child.once('error', (cause) => resolve({ error: cause }));
    child.once('exit', (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }));
  });
  if (error !== undefined) throw new LaunchError(`${node} could not be started: ${error.message}`);
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Not every signal can end us (SIGKILL can; an ignored one cannot): the shell's convention then.
  setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 1000);
}

async function runHere(file, args) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  process.argv = [process.execPath, file, ...args];
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') console.error(warning.stack);
  });
  await import(pathToFileURL(file).href);
}

/**
 * A terminal sends Ctrl-C and its own closing to the child as well; a second copy from us would read as
 * "at once", so these are passed on only where there is no terminal.
 */
function forwardSignals(child) {
  const onTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT']) {
    process.on(signal, () => {
      if (!onTerminal) child.kill(signal);
    });
  }
  process.on('SIGTERM', () => child.kill('SIGTERM'));
}
