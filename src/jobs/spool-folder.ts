import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './server-state.ts';

/**
 * The folder for the uploads of this server, which is not there yet. What servers left that were killed in the middle of
 * an upload is thrown away: no report is kept that nobody asked to keep.
 */
export async function freshSpoolFolder(dataDirectory: string): Promise<string> {
  const spool = join(dataDirectory, 'spool');
  const left = await readdir(spool).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of left) {
    // In a container that starts again our number may be that of the server that was killed.
    if (/^[1-9]\d*$/.test(name) && Number(name) !== process.pid && isAlive(Number(name))) continue;
    await rm(join(spool, name), { recursive: true, force: true });
  }
  return join(spool, String(process.pid));
}
