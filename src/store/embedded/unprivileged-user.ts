import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The operating system's user that the database's processes run as. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` on every Linux; needs no useradd. PostgreSQL refuses to run as root. */
export const NOBODY: SystemUser = { uid: 65534, gid: 65534 };

/**
 * Whom to run the database as: null means as ourselves. Root hands it to the owner of an existing
 * cluster, so that somebody who tries `sudo` once keeps their data, else to {@link NOBODY}.
 */
export function databaseUser(clusterDirectory: string, isRoot: boolean): SystemUser | null {
  if (!isRoot) return null;
  const owner = statSync(clusterDirectory, { throwIfNoEntry: false });
  return owner === undefined || owner.uid === 0 ? NOBODY : { uid: owner.uid, gid: owner.gid };
}

/**
 * The first folder on the way to `directory` that `user` cannot pass, or null when all can be passed.
 * Folders that do not exist yet are skipped: whoever makes them decides. Reads the mode bits only; an
 * access list that says otherwise is not seen.
 */
export function firstClosedFolder(directory: string, user: SystemUser): string | null {
  const target = resolve(directory);
  const parent = dirname(target);
  if (parent !== target) {
    const closed = firstClosedFolder(parent, user);
    if (closed !== null) return closed;
  }
  const stats = statSync(target, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  const bit = stats.uid === user.uid ? 0o100 : stats.gid === user.gid ? 0o010 : 0o001;
  return (stats.mode & bit) === 0 ? target : null;
}
