import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InboxError } from '#base/inbox-error.ts';
import type { SystemUser } from './unprivileged-user.ts';

/**
 * The folder of the database's socket. A socket's path may have 107 bytes at most, so it does not lie
 * in the data folder but below /tmp (not TMPDIR: every process of these data must find the same one),
 * named after the user and a hash of the cluster's real path.
 */
export function runDirectoryFor(clusterDirectory: string, uid: number): string {
  const hash = createHash('sha256').update(clusterDirectory).digest('hex').slice(0, 16);
  return `/tmp/security-inbox-${uid}/${hash}`;
}

/** Makes the folder, 0700 and owned by the database's user, or refuses one that somebody else made. */
export async function prepareRunDirectory(directory: string, user: SystemUser): Promise<void> {
  for (const path of [dirname(directory), directory]) {
    await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const stats = await lstat(path);
    // Root makes it and then gives it away; a second root process may meet it between the two steps.
    if (stats.isDirectory() && stats.uid === process.getuid?.() && stats.uid !== user.uid) {
      await chmod(path, 0o700);
      await chown(path, user.uid, user.gid);
    }
  }
  await checkRunDirectory(directory, user);
}

/**
 * Everybody may write to /tmp, and the connection through this socket has no password: a folder that
 * another user owns or may write to is refused. True: there is one and it is ours; false: there is none.
 */
export async function checkRunDirectory(directory: string, user: SystemUser): Promise<boolean> {
  for (const path of [dirname(directory), directory]) {
    const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (stats === null) return false;
    if (!stats.isDirectory() || stats.uid !== user.uid || (stats.mode & 0o077) !== 0) {
      const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
      throw new InboxError(
        'database_unreachable',
        `The folder of the database's socket must be a folder of user ${user.uid} with mode 0700, but ${path} ` +
          `belongs to user ${stats.uid} with mode ${mode}. Find out who made it, remove it and start again.`,
      );
    }
  }
  return true;
}
