import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'first-sign-in';

/**
 * Keeps the link that makes the first administrator in a file of the data folder that only its owner reads, for whoever
 * does not see what the server prints (reliability §6.4); null: there is an administrator, and the file goes.
 */
export async function keepFirstLink(dataDirectory: string, link: string | null): Promise<void> {
  const path = join(dataDirectory, FILE);
  if (link === null) return rm(path, { force: true });
  await rm(`${path}.${process.pid}`, { force: true });
  await writeFile(`${path}.${process.pid}`, `${link}\n`, { mode: 0o600, flag: 'wx' });
  await rename(`${path}.${process.pid}`, path);
}
