import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Look } from '#app/run-watches.ts';
import type { Instant } from '#base/instant.ts';
import type { Watch } from '#domain/ports/watch-store.ts';
import { findReportFiles } from './report-files.ts';

/** A file that was changed within this time may still be written. */
const SETTLED_MS = 5_000;

/**
 * The files of a watched folder, where their names, sizes or times are others than at the last look. Those that are perhaps still written
 * wait for the next look. Throws `not_found`.
 */
export async function lookAtFolder({ location, mark }: Watch, now: Instant): Promise<Look> {
  const { files, release } = await findReportFiles([location], process.stdin);
  const settled: { path: string; name: string }[] = [];
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = await stat(file.path);
    if (now - mtimeMs < SETTLED_MS) continue;
    hash.update(JSON.stringify([file.name, size, mtimeMs]));
    settled.push(file);
  }
  const digest = hash.digest('hex');
  if (settled.length === 0) return { is: 'nothing' };
  if (digest === mark.digest) return { is: 'same', mark: null };
  return { is: 'new', mark: { etag: null, lastModified: null, digest }, files: settled, release };
}
