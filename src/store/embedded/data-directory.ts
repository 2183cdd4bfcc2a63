import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { databaseUser, firstClosedFolder } from './unprivileged-user.ts';

/** Where the data of root lie when the wanted folder is closed to the database's user. */
const SYSTEM_DATA_DIRECTORY = '/var/lib/security-inbox';

export interface DataDirectoryChoice {
  readonly directory: string;
  /** Why it is not the folder that was wanted, one sentence for a person; null when it is. */
  readonly reason: string | null;
}

/**
 * Where the data lie: the requested folder, else `.data` beside the code. PostgreSQL does not run as
 * root, so for root the way there must be open to its user; where it is not (a clone in a home of mode
 * 0700) the data lie below /var/lib/security-inbox, in a folder of their own for each wanted path, so
 * that two clones or the demo never share one. Makes nothing.
 */
export function chooseDataDirectory(input: {
  readonly requested: string | undefined;
  readonly installRoot: string;
  readonly isRoot: boolean;
}): DataDirectoryChoice {
  const wanted = resolve(input.requested ?? join(input.installRoot, '.data'));
  const user = databaseUser(join(wanted, 'postgres'), input.isRoot);
  if (user === null) return { directory: wanted, reason: null };
  // The data folder itself is opened when it is prepared; only the way to it is others' to decide.
  const closed = firstClosedFolder(realParent(wanted), user);
  if (closed === null) return { directory: wanted, reason: null };
  const directory = join(SYSTEM_DATA_DIRECTORY, folderName(wanted));
  return {
    directory,
    reason:
      `The database does not run as root but as user ${user.uid}, who cannot enter ${closed}; ` +
      `so the data lie in ${directory} and not in ${wanted}.`,
  };
}

function realParent(path: string): string {
  const parent = dirname(path);
  try {
    return realpathSync(parent);
  } catch {
    return parent === path ? path : join(realParent(parent), basename(parent));
  }
}

/** `/root/inbox/.data` becomes `inbox-data-` and eight digits of the hash of the whole path. */
function folderName(wanted: string): string {
  const words = [basename(dirname(wanted)), basename(wanted)]
    .map((word) => word.replace(/[^A-Za-z0-9_]+/g, '-').replace(/^-|-$/g, ''))
    .filter((word) => word !== '');
  const hash = createHash('sha256')
    .update(join(realParent(wanted), basename(wanted)))
    .digest('hex');
  return [...words, hash.slice(0, 8)].join('-');
}
