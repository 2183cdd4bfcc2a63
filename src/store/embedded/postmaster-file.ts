import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running PostgreSQL writes about itself into `postmaster.pid` of its cluster folder. */
export interface PostmasterFile {
  readonly text: string;
  readonly pid: number;
  readonly port: number | null;
  /** Folder of its socket; null before it listens. */
  readonly socketDirectory: string | null;
  /** Id of its System V shared memory segment; null before there is one. */
  readonly sharedMemoryId: number | null;
}

export function postmasterFilePath(clusterDirectory: string): string {
  return join(clusterDirectory, 'postmaster.pid');
}

/**
 * Reads `postmaster.pid`. Null: there is none. `empty`: a server died, or is, between creating and
 * filling it; `ageMs` tells which. (PostgreSQL manual, "Database File Layout"; lines as in `pidfile.h`.)
 */
export async function readPostmasterFile(
  clusterDirectory: string,
): Promise<PostmasterFile | { readonly empty: true; readonly ageMs: number } | null> {
  const path = postmasterFilePath(clusterDirectory);
  try {
    const text = await readFile(path, 'utf8');
    const pid = Number.parseInt(text, 10);
    if (Number.isNaN(pid)) return { empty: true, ageMs: Date.now() - (await stat(path)).mtimeMs };
    // A stand-alone back end (`postgres --single`) writes its number negated.
    return { text, pid: Math.abs(pid), ...parseRest(text.split('\n')) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function parseRest(lines: readonly string[]): Omit<PostmasterFile, 'text' | 'pid'> {
  const port = Number.parseInt(lines[3] ?? '', 10);
  const segment = /^\s*\d+\s+(\d+)/.exec(lines[6] ?? '')?.[1];
  return {
    port: Number.isNaN(port) ? null : port,
    socketDirectory: lines[4]?.trim() || null,
    sharedMemoryId: segment === undefined ? null : Number(segment),
  };
}
