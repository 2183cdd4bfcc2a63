import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { run } from './install.mjs';
import { LaunchError } from './launch-error.mjs';
import { withLock } from './lock.mjs';
import { modernNode } from './runtime.mjs';

/** What the web app is made of; it imports the contract, which names words of the domain. */
const SOURCE_FOLDERS = ['web', 'src/contract', 'src/domain', 'src/base'];
const NOT_SOURCES = new Set(['dist', 'node_modules']);
const STAMP = '.built-from';

/**
 * Makes `web/dist` agree with the sources of the web app. The build goes into a folder of its own that
 * is then renamed, with a hash of the sources inside, so that nobody meets half of one.
 */
export async function ensureWebBuilt(root) {
  const hash = hashOfSources(root);
  if (isBuiltFrom(root, hash)) return;
  await withLock(
    join(root, '.cache/web-build.lock'),
    async (hold) => {
      if (!isBuiltFrom(root, hash)) await build(root, hash, hold);
    },
    () => console.error('Waiting for another start that is building the web app.'),
  );
}

function isBuiltFrom(root, hash) {
  try {
    return readFileSync(join(root, 'web/dist', STAMP), 'utf8') === hash;
  } catch {
    return false;
  }
}

/** Of contents, not times: a fresh copy of a built tree is still built. */
function hashOfSources(root) {
  const hash = createHash('sha256');
  const addFile = (path) => {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  };
  const addFolder = (folder) => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${entry.name}`;
      if (NOT_SOURCES.has(entry.name) || entry.name.endsWith('.test.ts')) continue;
      if (entry.isDirectory()) addFolder(path);
      else if (entry.isFile()) addFile(path);
    }
  };
  SOURCE_FOLDERS.forEach(addFolder);
  addFile('package-lock.json');
  return hash.digest('hex');
}

async function build(root, hash, hold) {
  console.error('Building the web app.');
  const fresh = join(root, '.cache/web-dist');
  const old = join(root, '.cache/web-dist.old');
  const dist = join(root, 'web/dist');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  rmSync(fresh, { recursive: true, force: true });
  const args = [vite, 'build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'];
  const result = await run(modernNode(root), args, join(root, 'web'), hold);
  if (result.code !== 0) throw new LaunchError(`${result.output}\nBuilding the web app failed (vite build).`);
  packAssets(join(fresh, 'assets'));
  writeFileSync(join(fresh, STAMP), hash);
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

/** Beside each script and style sheet the same packed, so that the server packs none of them for each reader. */
function packAssets(folder) {
  for (const name of readdirSync(folder).filter((each) => /\.(js|css)$/.test(each))) {
    const bytes = readFileSync(join(folder, name));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes));
  }
}
