import { createHash, type Hash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('../../', import.meta.url));
/** What decides how an entry of a report is read, and what is stored of it. */
const FOLDERS = ['base', 'domain', 'formats', 'app/import', 'store/import'];

let mark: string | null = null;

/**
 * The same for the same program on the same machine, and another one for any other: of each of its files name,
 * size, place on the disk and the time of its last change, which the system keeps and nobody can set.
 */
export function programMark(): string {
  if (mark === null) {
    const hash = createHash('sha256').update(JSON.stringify(process.versions));
    for (const folder of FOLDERS) addFolder(hash, folder);
    mark = hash.digest('hex').slice(0, 32);
  }
  return mark;
}

function addFolder(hash: Hash, folder: string): void {
  const entries = readdirSync(join(SOURCES, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) {
      if (entry.name.includes('.test.')) continue;
      const { size, ino, ctimeMs } = statSync(join(SOURCES, path));
      hash.update(`${path}|${size}|${ino}|${ctimeMs}\n`);
    } else if (entry.name !== 'samples') addFolder(hash, path);
  }
}
