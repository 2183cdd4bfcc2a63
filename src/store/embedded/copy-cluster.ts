import { constants } from 'node:fs';
import { chown, copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Queryable } from '../database.ts';
import { syncToDisk } from './sync-to-disk.ts';

/** Folders whose files a server makes anew, and a copy must not bring along. */
const EMPTIED = new Set([
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'pg_wal',
]);
const LEFT_OUT = /^(postmaster\.(pid|opts)|pgsql_tmp.*|.*\.tmp|backup_label(\.old)?|tablespace_map(\.old)?)$/;
const WAL_SEGMENT = /^[0-9A-F]{24}$/;
const SLOT = 'security_inbox_copy';

/**
 * Copies the files of a running cluster into an empty folder, to disk, while others go on reading and writing. A server
 * that is started on the copy recovers to the moment at which it ended (PostgreSQL, continuous archiving, "Making a
 * base backup using the low level API"). `session` is one connection of a superuser, not a pool; the files keep their
 * owner and mode. Throws what the database or the system throws, and for a cluster with tables elsewhere.
 */
export async function copyCluster(
  session: Queryable,
  clusterDirectory: string,
  target: string,
): Promise<void> {
  // Keeps the log from being recycled before it is copied; ends with the session.
  await session.query('select pg_create_physical_replication_slot($1, true, true)', [SLOT]);
  try {
    const { label, last } = await copyMarked(session, clusterDirectory, target);
    await copyLog(clusterDirectory, target, { first: firstSegment(label), last });
    await writeOwned(join(target, 'backup_label'), label, clusterDirectory);
    await syncTree(target);
  } finally {
    await session.query('select pg_drop_replication_slot($1)', [SLOT]).catch(() => {
      // The session is lost, and what belongs to it.
    });
  }
}

interface CopyMark {
  /** What tells a server where to begin when it recovers. */
  readonly label: string;
  /** The last segment of the log that it needs. */
  readonly last: string;
}

/** Copies all but the log, between the marks that the database sets in its log. */
async function copyMarked(session: Queryable, clusterDirectory: string, target: string): Promise<CopyMark> {
  await session.query('select pg_backup_start($1, true)', [SLOT]);
  const end = async () =>
    (
      await session.query<CopyMark & { readonly elsewhere: string }>(
        'select labelfile as label, spcmapfile as elsewhere, pg_walfile_name(lsn) as last from pg_backup_stop(false)',
      )
    ).rows[0] ?? { label: '', elsewhere: '', last: '' };
  try {
    await copyFolder(clusterDirectory, target, '');
  } catch (error) {
    await end().catch(() => {
      // The session is lost, and the mark with it.
    });
    throw error;
  }
  const { label, elsewhere, last } = await end();
  if (elsewhere.trim() !== '')
    throw new Error('the database keeps tables outside its folder; move them back');
  return { label, last };
}

async function copyFolder(from: string, to: string, name: string): Promise<void> {
  const source = join(from, name);
  const target = join(to, name);
  if (name !== '') await mkdir(target, { mode: 0o700 });
  await ownLike(source, target);
  if (EMPTIED.has(name)) return;
  for (const entry of await readdir(source, { withFileTypes: true })) {
    if (LEFT_OUT.test(entry.name)) continue;
    const path = join(name, entry.name);
    if (entry.isDirectory()) await copyFolder(from, to, path);
    else if (entry.isFile()) await copyOwned(join(from, path), join(to, path));
  }
}

interface LogRange {
  readonly first: string;
  readonly last: string;
}

/** The segments of the log that a server needs to make the copied files agree with each other. */
async function copyLog(from: string, to: string, { first, last }: LogRange): Promise<void> {
  const names = await readdir(join(from, 'pg_wal'));
  const needed = names.filter((name) => WAL_SEGMENT.test(name) && name >= first && name <= last);
  for (const name of needed) await copyOwned(join(from, 'pg_wal', name), join(to, 'pg_wal', name));
  if (!(needed.includes(first) && needed.includes(last)))
    throw new Error(`the log of the database from ${first} to ${last} is not there any more`);
  await mkdir(join(to, 'pg_wal', 'archive_status'), { mode: 0o700 });
  await ownLike(join(from, 'pg_wal'), join(to, 'pg_wal', 'archive_status'));
}

function firstSegment(label: string): string {
  const name = /^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)/m.exec(label)?.[1];
  if (name === undefined) throw new Error('the database did not tell where the log of the copy begins');
  return name;
}

/** A file that is deleted meanwhile is one that the log does without. */
async function copyOwned(source: string, target: string): Promise<void> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await ownLike(source, target);
}

async function writeOwned(path: string, text: string, like: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  await ownLike(like, path);
}

/** Root copies for the database's user, who has to be able to run it. */
async function ownLike(source: string, target: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const owner = await stat(source).catch(() => null);
  if (owner !== null) await chown(target, owner.uid, owner.gid);
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else await syncToDisk(path);
  }
  await syncToDisk(folder);
}
