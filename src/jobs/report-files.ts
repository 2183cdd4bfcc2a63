import { createWriteStream } from 'node:fs';
import { glob, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { foldersOfAccount, isIdentityAnswer } from '#app/import/folder-places.ts';
import { compareBytes } from '#base/compare.ts';
import { InboxError } from '#base/inbox-error.ts';

/** A report to import: where it lies, and what it is called. */
export interface ReportFile {
  readonly path: string;
  readonly name: string;
  /**
   * Of a file that was asked for by itself: the answer of `aws sts get-caller-identity` that lies beside it, or above its
   * folder where that is one of a region. It is read for nothing but the account.
   */
  readonly identity?: string;
}

/**
 * The reports at these paths: folders with all that lies below them, in the order of the bytes of their
 * names, what git keeps of itself left out; what a pattern matches (`reports/*.json`), where no shell did it; `-` is standard input, spooled to a file that only its owner reads. `release` deletes the spool.
 */
export async function findReportFiles(
  paths: readonly string[],
  standardInput: NodeJS.ReadableStream,
): Promise<{ readonly files: readonly ReportFile[]; release(): Promise<void> }> {
  const files: ReportFile[] = [];
  let spool: string | null = null;
  const release = async () => {
    if (spool !== null) await rm(spool, { recursive: true, force: true });
  };
  try {
    for (const path of paths) {
      if (path === '-') {
        spool ??= await mkdtemp(join(tmpdir(), 'security-inbox-'));
        const spooled = join(spool, 'stdin');
        await pipeline(standardInput, createWriteStream(spooled, { mode: 0o600 }));
        files.push({ path: spooled, name: 'stdin' });
      } else {
        for (const file of await filesBelow(path)) files.push(file);
      }
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { files, release };
}

async function filesBelow(path: string): Promise<readonly ReportFile[]> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (cause) {
    if (/[*?]/.test(path)) return filesMatching(path);
    throw new InboxError('not_found', `There is no file or folder ${path}.`, { cause });
  }
  if (!isFolder) {
    const identity = await identityBeside(path);
    return [{ path, name: path, ...(identity === null ? {} : { identity }) }];
  }
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(path, file).split(sep).includes('.git'))
    .sort(compareBytes)
    .map((file) => ({ path: file, name: file }));
}

async function identityBeside(path: string): Promise<string | null> {
  for (const folder of foldersOfAccount(path)) {
    const [first] = (await readdir(folder)).filter(isIdentityAnswer).sort(compareBytes);
    if (first !== undefined) return join(folder, first);
  }
  return null;
}

async function filesMatching(pattern: string): Promise<readonly ReportFile[]> {
  const matching: string[] = [];
  for await (const path of glob(pattern)) matching.push(path);
  if (matching.length === 0)
    throw new InboxError('not_found', `There is no file or folder that matches ${pattern}.`);
  const files = new Map<string, ReportFile>();
  // `**` matches a folder and what is in it.
  for (const path of matching.sort(compareBytes))
    for (const file of await filesBelow(path)) files.set(file.path, file);
  return [...files.values()];
}
