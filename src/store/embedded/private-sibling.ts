import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inspectProcess } from './process-facts.ts';

/**
 * A name beside `path` that no other process uses. What must appear whole is made there and renamed; the
 * name carries our number, so that a later process can tell what was left by one that was killed.
 */
export function privateSibling(path: string): string {
  return `${path}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** Throws away what processes that are gone left beside `path` while making it. */
export async function removeAbandonedSiblings(path: string): Promise<void> {
  const prefix = `${basename(path)}.new-`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (inspectProcess(pid).state === 'gone') {
      await rm(join(dirname(path), name), { recursive: true, force: true });
    }
  }
}
