import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InboxError } from '#base/inbox-error.ts';
import { type Instant, instantText } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { Queryable } from '../database.ts';
import { copyCluster } from './copy-cluster.ts';
import { syncToDisk } from './sync-to-disk.ts';

const FOLDER = 'backups';
const UNFINISHED = 'unfinished';
const KEPT = 3;
const NAME = /^\d{8}T\d{9}Z-before-\d{4}$/;

/** What is about to be changed. */
export interface Upgrade {
  /** Real path of the data folder of an embedded database. */
  readonly dataDirectory: string;
  /** The migrations that will be applied, in order; at least one. */
  readonly missing: readonly string[];
  readonly now: Instant;
}

/**
 * Copies an embedded database before it is changed, into `backups/<time>-before-<migration>` of its data folder: whole,
 * on disk and open to its owner only, or not at all. Keeps the last three. Answers how to go back, for a person (design:
 * data, "a newer program migrates"). Throws `backup_failed`; the database may not be changed then.
 */
export async function backUpBeforeUpgrade(session: Queryable, upgrade: Upgrade): Promise<string> {
  const folder = join(upgrade.dataDirectory, FOLDER);
  const first = upgrade.missing[0]?.slice(0, 4) ?? '0000';
  const name = `${instantText(upgrade.now).replace(/[-:.]/g, '')}-before-${first}`;
  const target = join(folder, name);
  const how = howToGoBack(upgrade, target);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    // While the lock of the migration is held nobody else makes one: what lies there is of a process that was killed.
    const fresh = join(folder, UNFINISHED);
    await rm(fresh, { recursive: true, force: true });
    try {
      await mkdir(join(fresh, 'postgres'), { recursive: true, mode: 0o700 });
      await copyCluster(session, join(upgrade.dataDirectory, 'postgres'), join(fresh, 'postgres'));
      await writeFile(join(fresh, 'README.txt'), `${how}\n`, { mode: 0o600, flush: true });
      await syncToDisk(fresh);
      await rename(fresh, target);
    } catch (error) {
      await rm(fresh, { recursive: true, force: true });
      throw error;
    }
    await syncToDisk(folder);
    await removeOldest(folder);
    return how;
  } catch (cause) {
    throw new InboxError(
      'backup_failed',
      `The data could not be copied to ${target} before they are brought up to date, so they were left as they are: ${oneLine((cause as Error).message, 300)}. Make room there, or see that this user may write there, and start again.`,
      { cause },
    );
  }
}

function howToGoBack({ dataDirectory, missing }: Upgrade, target: string): string {
  const cluster = join(dataDirectory, 'postgres');
  return `Before ${missing.join(', ')} the data were copied to ${target}. To go back to the older program: end this one with "stop", move ${cluster} away, copy ${join(target, 'postgres')} to ${cluster} with its owner (cp -a), and start the older one.`;
}

async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => NAME.test(name)).sort();
  for (const name of names.slice(0, -KEPT)) await rm(join(folder, name), { recursive: true, force: true });
}
