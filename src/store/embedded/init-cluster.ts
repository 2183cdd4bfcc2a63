import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InboxError } from '#base/inbox-error.ts';
import type { PostgresBinaries } from './binaries.ts';
import { newLoopbackEndpoint, saveLoopbackEndpoint } from './endpoint.ts';
import { privateSibling, removeAbandonedSiblings } from './private-sibling.ts';
import { type CommandResult, runCommand } from './run-command.ts';
import { SUPERUSER } from './server-settings.ts';
import { syncToDisk } from './sync-to-disk.ts';
import type { SystemUser } from './unprivileged-user.ts';

/** Only its own socket, whose folder only the database's user can enter, lets anybody in. */
const SOCKET_ONLY_HBA = '# Made by Security Inbox.\nlocal all all trust\n';
const LOOPBACK_HBA = '# Made by Security Inbox.\nhost all all 127.0.0.1/32 scram-sha-256\n';

/**
 * Makes the cluster if there is none: into a private sibling folder, to disk, then one rename. Of
 * several that start at once one wins and the others throw theirs away; a kill at any moment leaves
 * either no cluster or a whole one. Refuses a cluster of another major version and a folder that is
 * something else.
 */
export async function ensureCluster(
  clusterDirectory: string,
  binaries: PostgresBinaries,
  user: SystemUser | null,
  { log, isThrowaway }: { readonly log: (message: string) => void; readonly isThrowaway: boolean },
): Promise<void> {
  if (await existingCluster(clusterDirectory, binaries.major)) return;
  await removeAbandonedSiblings(clusterDirectory);
  log('Creating the database.');
  const fresh = privateSibling(clusterDirectory);
  try {
    await mkdir(fresh, { mode: 0o700 });
    if (user !== null) await chown(fresh, user.uid, user.gid);
    await fillCluster(fresh, binaries, user);
    // One pass at the end is several times faster than a sync for each file while they are made.
    if (!isThrowaway) await syncCluster(fresh, binaries, user);
    await rename(fresh, clusterDirectory);
    await syncToDisk(dirname(clusterDirectory));
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    const code = (error as NodeJS.ErrnoException).code;
    const lostTheRace = code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EPERM';
    if (!(lostTheRace && (await existingCluster(clusterDirectory, binaries.major)))) throw error;
  }
}

async function existingCluster(clusterDirectory: string, major: number): Promise<boolean> {
  const entries = await readdir(clusterDirectory).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (entries.length === 0) return false;
  if (!entries.includes('PG_VERSION')) {
    throw new InboxError(
      'database_unsupported',
      `Expected a database or nothing at ${clusterDirectory}, found a folder that is neither. Move it away, or choose another folder with --data.`,
    );
  }
  const version = (await readFile(join(clusterDirectory, 'PG_VERSION'), 'utf8')).trim();
  if (Number(version) === major) return true;
  throw new InboxError(
    'database_unsupported',
    `The data in ${clusterDirectory} were made by PostgreSQL ${version}, but the PostgreSQL here is ${major}. ` +
      `Start with the programs of ${version} (PG_BIN_DIR), make a backup, and restore it into a new folder.`,
  );
}

async function fillCluster(
  directory: string,
  binaries: PostgresBinaries,
  user: SystemUser | null,
): Promise<void> {
  // The collation must not depend on the host's libraries, or an index could change its order.
  const collation =
    binaries.major >= 17
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
      : ['--locale=C'];
  const args = [
    `--pgdata=${directory}`,
    `--username=${SUPERUSER}`,
    '--encoding=UTF8',
    ...collation,
    '--no-sync',
    '--no-instructions',
  ];
  const loopback = process.platform === 'win32' ? await newLoopbackEndpoint() : null;
  const made =
    loopback === null
      ? await runInitdb([...args, '--auth=trust'], binaries, user)
      : await runInitdbWithPassword(directory, loopback.password, args, binaries);
  if (made.code !== 0) throw initdbFailed(made);
  if (loopback !== null) await saveLoopbackEndpoint(directory, loopback);
  await writeFile(join(directory, 'pg_hba.conf'), loopback === null ? SOCKET_ONLY_HBA : LOOPBACK_HBA);
}

async function syncCluster(
  directory: string,
  binaries: PostgresBinaries,
  user: SystemUser | null,
): Promise<void> {
  const synced = await runInitdb([`--pgdata=${directory}`, '--sync-only'], binaries, user);
  if (synced.code !== 0) throw initdbFailed(synced);
}

async function runInitdbWithPassword(
  directory: string,
  password: string,
  args: readonly string[],
  binaries: PostgresBinaries,
): Promise<CommandResult> {
  const file = `${directory}.password`;
  await writeFile(file, password, { mode: 0o600 });
  try {
    return await runInitdb([...args, '--auth=scram-sha-256', `--pwfile=${file}`], binaries, null);
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * initdb, but not PostgreSQL itself, insists on a name for its user. A user without one (any number, as
 * containers like to give) is `nobody` inside a user namespace that maps nobody; the files stay theirs.
 */
async function runInitdb(
  args: readonly string[],
  binaries: PostgresBinaries,
  user: SystemUser | null,
): Promise<CommandResult> {
  const options = { user, env: binaries.env };
  const result = await runCommand(binaries.initdb, args, options);
  if (result.code === 0 || !result.output.includes('could not look up effective user ID')) return result;
  const mapped = await runCommand('unshare', ['--user', '--', binaries.initdb, ...args], options);
  return mapped.code === 0 ? mapped : { code: result.code, output: `${result.output}\n${mapped.output}` };
}

function initdbFailed(result: CommandResult): InboxError {
  const nameless = result.output.includes('could not look up effective user ID');
  return new InboxError(
    'database_unreachable',
    `The database could not be created. initdb said:\n${result.output}` +
      (nameless
        ? '\nGive this user a line in /etc/passwd, or use a database of your own with DATABASE_URL.'
        : ''),
  );
}
