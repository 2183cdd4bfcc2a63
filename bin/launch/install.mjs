import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { LaunchError } from './launch-error.mjs';
import { withLock } from './lock.mjs';
import { libc as libcHere } from './runtime.mjs';

/**
 * Makes `node_modules` agree with `package-lock.json`, by `npm ci` where it does not. `withTools`: the
 * tools of development are needed too, not only what the product runs with.
 *
 * Whether it agrees is read from our stamp, a hash of the lock file that is written last; without it,
 * from the list that npm itself writes at the end of an installation, so that one made by hand counts.
 */
export async function ensureInstalled(root, { withTools }) {
  if (isStamped(root)) return;
  const { state } = compareWithLock(root);
  if (state === 'complete') return stamp(root);
  if (state === 'without tools' && !withTools) return;
  await withLock(
    join(root, '.cache/install.lock'),
    async (hold) => {
      if (isStamped(root)) return;
      // An npm that outlived its killed launcher has perhaps finished in the meantime.
      if (compareWithLock(root).state !== 'complete') await install(root, hold);
      stamp(root);
    },
    () => console.error('Waiting for another start that is installing packages.'),
  );
}

function stampPath(root) {
  return join(root, 'node_modules/.security-inbox-installed');
}

/** Packages of one platform do not serve another that shares the folder. */
function expectedStamp(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`;
}

function isStamped(root) {
  try {
    return readFileSync(stampPath(root), 'utf8') === expectedStamp(root);
  } catch (error) {
    if (error.code === 'ENOENT' && existsSync(join(root, 'package-lock.json'))) return false;
    throw new LaunchError(`This installation is not whole: ${error.message}`);
  }
}

function stamp(root) {
  const draft = `${stampPath(root)}.${process.pid}`;
  try {
    writeFileSync(draft, expectedStamp(root));
    renameSync(draft, stampPath(root));
  } catch (error) {
    // A read-only installation: it is compared at length at each start, and that is all.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  }
}

/**
 * 'complete', 'without tools' (all that is missing are packages of development) or 'stale', with the
 * packages that are missing or differ.
 */
function compareWithLock(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const found = packagesOf(join(root, 'node_modules/.package-lock.json'));
  if (found === null) return { state: 'stale', lacking: ['node_modules'] };
  const lacking = Object.keys(wanted).filter((path) => {
    if (!/(^|\/)node_modules\//.test(path)) return false;
    const [entry, present] = [wanted[path], found[path]];
    if (present === undefined) return !(entry.optional || entry.devOptional) || isForThisPlatform(entry);
    return present.version !== entry.version || present.integrity !== entry.integrity;
  });
  if (lacking.length === 0) return { state: 'complete', lacking };
  const onlyTools = lacking.every(
    (path) => found[path] === undefined && (wanted[path].dev || wanted[path].devOptional),
  );
  return { state: onlyTools ? 'without tools' : 'stale', lacking };
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw new LaunchError(`${path} is not readable: ${error.message}. Get it again, or remove node_modules.`);
  }
}

/**
 * npm leaves an optional package out where the platform is not among those that it names, and with it
 * the packages that only it needs, which name none.
 */
function isForThisPlatform({ os, cpu, libc }) {
  const allows = (list, value) => list === undefined || list.includes(value);
  return (
    (os !== undefined || cpu !== undefined) &&
    allows(os, process.platform) &&
    allows(cpu, process.arch) &&
    allows(libc, libcHere())
  );
}

async function install(root, hold) {
  console.error('Installing packages; this happens once.');
  // First, so that a kill in the middle of npm's own cleaning cannot leave them beside half a folder.
  for (const path of [stampPath(root), join(root, 'node_modules/.package-lock.json')])
    rmSync(path, { force: true });
  const args = [
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--include=dev',
    '--include=optional',
    '--engine-strict=false',
    '--loglevel=error',
  ];
  const npm = findNpm();
  const { code, signal, output } = await run(npm.file, [...npm.args, ...args], root, hold);
  if (code !== 0) {
    throw new LaunchError(
      `${output}\nInstalling packages failed (npm ci ${signal === null ? `ended with ${code}` : `was ended by ${signal}`}). ` +
        'npm needs to reach its registry for this; the lines above say what went wrong.',
    );
  }
  // npm passes over an optional package that it could not fetch; the database and Node itself are such.
  const { lacking } = compareWithLock(root);
  if (lacking.length > 0) {
    throw new LaunchError(
      `npm ci left out ${lacking.join(', ')}. Start again when its registry can be reached.`,
    );
  }
}

/** npm as the one that runs us, else the one that came with this Node, else the one on PATH. */
function findNpm() {
  const home = dirname(process.execPath);
  const scripts = [
    process.env.npm_execpath,
    join(home, '../lib/node_modules/npm/bin/npm-cli.js'),
    join(home, 'node_modules/npm/bin/npm-cli.js'),
  ];
  const script = scripts.find(
    (path) => path !== undefined && basename(path) === 'npm-cli.js' && existsSync(path),
  );
  if (script !== undefined) return { file: process.execPath, args: [script] };
  const name = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const folders = [home, ...(process.env.PATH ?? '').split(delimiter)];
  const program = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (program !== undefined) return { file: program, args: [] };
  throw new LaunchError(
    'npm was not found, neither beside Node nor on PATH; it is needed to install packages.',
  );
}

export function run(file, args, cwd, hold, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: file.endsWith('.cmd'),
    });
    if (child.pid !== undefined) hold(child.pid);
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    // A terminal sends Ctrl-C to the child as well; we wait for its end to let go of the lock.
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', pass);
    process.on('SIGTERM', pass);
    child.once('error', (error) => resolve({ code: null, signal: null, output: error.message }));
    child.once('close', (code, signal) => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
      resolve({ code, signal, output: output.trim() });
    });
  });
}
