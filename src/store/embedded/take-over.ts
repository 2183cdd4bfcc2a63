import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm } from 'node:fs/promises';
import { type PostmasterFile, postmasterFilePath, readPostmasterFile } from './postmaster-file.ts';
import { inspectProcess, isPostmasterOf } from './process-facts.ts';

/**
 * Who holds a cluster whose socket does not answer: nobody (a server may be started), a server that is
 * still coming up or going down, or back ends that outlived their server. `hidden`: the process of that
 * number belongs to somebody else and cannot be inspected; PostgreSQL itself decides then.
 */
export type ClusterHolder =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'server' | 'orphans' | 'hidden'; readonly pid: number }
  | { readonly kind: 'unfinished_file' };

/** An empty pid file older than this is what a server left that died while creating it. */
const EMPTY_FILE_STALE_MS = 3_000;

/**
 * Says who holds the cluster and takes a stale `postmaster.pid` away. PostgreSQL clears the file of a
 * dead process by itself, but refuses to start when the number now belongs to any other live process of
 * the same user (the restarted container) or to a zombie. The file goes only when the socket has been
 * probed in vain, the process is not a PostgreSQL on this cluster, and nobody is attached to the shared
 * memory that the file names; never otherwise.
 */
export async function clearStalePostmasterFile(clusterDirectory: string): Promise<ClusterHolder> {
  const file = await readPostmasterFile(clusterDirectory);
  if (file === null) return { kind: 'nobody' };
  if ('empty' in file) {
    if (file.ageMs < EMPTY_FILE_STALE_MS) return { kind: 'unfinished_file' };
    await removeUnchanged(clusterDirectory, '');
    return { kind: 'nobody' };
  }
  if (await sharedMemoryInUse(file)) {
    const holds = isPostmasterOf(file.pid, clusterDirectory) === 'yes' ? 'server' : 'orphans';
    return { kind: holds, pid: file.pid };
  }
  const facts = inspectProcess(file.pid);
  if (facts.state === 'gone' && !facts.zombie) return { kind: 'nobody' };
  if (facts.state === 'alive') {
    const answer = isPostmasterOf(file.pid, clusterDirectory);
    if (answer === 'yes') return { kind: 'server', pid: file.pid };
    if (answer === 'unknown') return { kind: 'hidden', pid: file.pid };
  }
  await removeUnchanged(clusterDirectory, file.text);
  return { kind: 'nobody' };
}

/** Number of the live server on the cluster; null when there is none. */
export async function findPostmaster(clusterDirectory: string): Promise<number | null> {
  const file = await readPostmasterFile(clusterDirectory);
  if (file === null || 'empty' in file) return null;
  return isPostmasterOf(file.pid, clusterDirectory) === 'yes' ? file.pid : null;
}

async function sharedMemoryInUse(file: PostmasterFile): Promise<boolean> {
  if (process.platform !== 'linux' || file.sharedMemoryId === null) return false;
  // Columns: key, shmid, perms, size, cpid, lpid, nattch, …
  const table = await readFile('/proc/sysvipc/shm', 'latin1').catch(() => '');
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .some((columns) => Number(columns[1]) === file.sharedMemoryId && Number(columns[6]) > 0);
}

/**
 * Removes the file only if it still says what was judged. Between judging and removing, another starter
 * may have removed it and put a new server in its place: that server's file is put back.
 */
async function removeUnchanged(clusterDirectory: string, judged: string): Promise<void> {
  const path = postmasterFilePath(clusterDirectory);
  const aside = `${path}.stale-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== judged) {
    await link(aside, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  await rm(aside, { force: true });
}
