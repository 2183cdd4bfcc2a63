import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, without a slash at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Names of folders that .gitignore keeps out of the repository, and `.git` itself. */
const OUTSIDE = new Set(
  readFileSync(join(ROOT, '.gitignore'), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/'))
    .map((line) => line.replace(/^\/|\/$/g, ''))
    .concat('.git'),
);

/**
 * All files of the repository as paths from its root, with forward slashes, sorted. Read from the disk, so that a
 * copy without git answers the same.
 */
export function repositoryFiles(folder = ''): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return OUTSIDE.has(entry.name) ? [] : repositoryFiles(path);
      return entry.isFile() && !entry.name.endsWith('.log') ? [path] : [];
    })
    .sort();
}

/** The code that we write: no samples, which are other people's files, and nothing generated. */
export function sourceFiles(): readonly string[] {
  return repositoryFiles().filter(
    (path) =>
      /^(src|web|test|tools|bin)\//.test(path) && /\.(tsx?|mjs)$/.test(path) && !path.includes('/samples/'),
  );
}

/** Whether a file is a test or what only tests use: all of `test/`, `x.test.ts`, `x.test-suite.ts`. */
export function isTest(path: string): boolean {
  return path.startsWith('test/') || /\.test[-a-z]*\.tsx?$/.test(path);
}

/** The text of one file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The names of the folders directly inside a folder; none when it does not exist. */
export function foldersIn(folder: string): readonly string[] {
  const names = repositoryFiles()
    .filter((path) => path.startsWith(`${folder}/`))
    .map((path) => path.slice(folder.length + 1).split('/'))
    .filter((parts) => parts.length > 1)
    .map(([name]) => name as string);
  return [...new Set(names)].sort();
}
