import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findPackagedNative, preparePackagedBinaries } from './packaged-binaries.ts';
import { runCommand } from './run-command.ts';
import { NOBODY } from './unprivileged-user.ts';

const isRoot = process.getuid?.() === 0;
const packaged = await findPackagedNative();
const isLink = (path: string): boolean => lstatSync(path).isSymbolicLink();

let base: string;
let data: string;
let native: { directory: string; version: string };

/** A package as npm unpacks it without its script: no links. */
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'inbox native '));
  chmodSync(base, 0o711);
  data = join(base, 'data');
  mkdirSync(data, { mode: 0o711 });
  native = { directory: join(base, 'package/native'), version: '1.2.3' };
  const from = packaged?.directory ?? '';
  cpSync(from, native.directory, { recursive: true, filter: (path) => !isLink(path) });
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

async function versionAnswered(
  location: { bin: string; libraryPath: string | null },
  program: string,
): Promise<string> {
  const env: Record<string, string> =
    location.libraryPath === null ? {} : { LD_LIBRARY_PATH: location.libraryPath };
  const user = isRoot ? NOBODY : null;
  return (await runCommand(join(location.bin, program), ['--version'], { user, env })).output;
}

describe.runIf(packaged !== null && process.platform === 'linux')('the programs from the package', () => {
  test('without the links they do not load; with the links made beside the data they do', async () => {
    const bin = join(native.directory, 'bin');
    expect(await versionAnswered({ bin, libraryPath: null }, 'postgres')).toContain(
      'cannot open shared object',
    );
    const before = readdirSync(join(native.directory, 'lib'));
    const location = await preparePackagedBinaries(native, data, isRoot ? NOBODY : null);
    expect(await versionAnswered(location, 'postgres')).toContain('postgres (PostgreSQL) 18');
    expect(await versionAnswered(location, 'initdb')).toContain('initdb (PostgreSQL) 18');
    expect(readdirSync(join(native.directory, 'lib'))).toEqual(before);
  });

  test('links that point to a package that was moved are made anew', async () => {
    mkdirSync(join(data, 'postgres-links'));
    symlinkSync('/nowhere/libpq.so.5.18', join(data, 'postgres-links/libpq.so.5'));
    const location = await preparePackagedBinaries(native, data, null);
    expect(await versionAnswered(location, 'initdb')).toContain('initdb (PostgreSQL) 18');
  });

  test('nothing is made where the package has its links', async () => {
    await preparePackagedBinaries(native, data, null);
    for (const name of readdirSync(join(data, 'postgres-links'))) {
      cpSync(join(data, 'postgres-links', name), join(native.directory, 'lib', name));
    }
    rmSync(join(data, 'postgres-links'), { recursive: true });
    const location = await preparePackagedBinaries(native, data, null);
    expect(location).toEqual({ bin: join(native.directory, 'bin'), libraryPath: null });
    expect(readdirSync(data)).toEqual([]);
  });

  test('the right to run them is given where it is missing', async () => {
    chmodSync(join(native.directory, 'bin/postgres'), 0o644);
    const location = await preparePackagedBinaries(native, data, null);
    expect(await versionAnswered(location, 'postgres')).toContain('postgres (PostgreSQL) 18');
  });

  test.runIf(isRoot)(
    'a package that the database user cannot reach is copied once, by several at once',
    async () => {
      chmodSync(join(base, 'package'), 0o700);
      const locations = await Promise.all([1, 2].map(() => preparePackagedBinaries(native, data, NOBODY)));
      expect(readdirSync(data)).toEqual(['postgres-binaries-1.2.3']);
      for (const location of locations) {
        expect(location.bin).toBe(join(data, 'postgres-binaries-1.2.3/bin'));
        expect(await versionAnswered(location, 'initdb')).toContain('initdb (PostgreSQL) 18');
      }
    },
  );

  test.runIf(isRoot)(
    'a package installed under a umask of 077 is copied, and the copy is readable',
    async () => {
      chmodSync(join(native.directory, 'share/postgresql/postgres.bki'), 0o600);
      const location = await preparePackagedBinaries(native, data, NOBODY);
      expect(location.bin.startsWith(data)).toBe(true);
      expect(await versionAnswered(location, 'postgres')).toContain('postgres (PostgreSQL) 18');
    },
  );
});
