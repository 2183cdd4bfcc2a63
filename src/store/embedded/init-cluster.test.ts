import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findBinaries } from './binaries.ts';
import { ensureCluster } from './init-cluster.ts';
import { NOBODY } from './unprivileged-user.ts';

const user = process.getuid?.() === 0 ? NOBODY : null;

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'inbox-cluster-'));
  chmodSync(home, 0o711);
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(home, { recursive: true, force: true });
});

/** The real programs, whose initdb keeps a list of what it was asked and of whether the cluster was in its place by then. */
async function watchedBinaries(data: string) {
  const binaries = await findBinaries({
    binariesDirectory: undefined,
    searchPath: '/usr/bin:/bin',
    dataDirectory: data,
    user,
  });
  const calls = join(home, 'calls');
  writeFileSync(calls, '');
  chmodSync(calls, 0o666);
  const initdb = join(home, 'initdb');
  const script = [
    '#!/bin/sh',
    `[ -e '${join(data, 'postgres')}' ] && place=final || place=private`,
    `printf '%s' "$place" >> '${calls}'`,
    `for each in "$@"; do printf ' %s' "$each" >> '${calls}'; done`,
    `printf '\\n' >> '${calls}'`,
    `exec '${binaries.initdb}' "$@"`,
  ];
  writeFileSync(initdb, `${script.join('\n')}\n`);
  chmodSync(initdb, 0o755);
  return {
    binaries: { ...binaries, initdb },
    calls: () => readFileSync(calls, 'utf8').trim().split('\n'),
  };
}

/** Folders and files that this process has waited for to be on the disk, as inodes, and whether `made` was there then. */
async function watchSyncs(made: string): Promise<readonly { inode: number; isMade: boolean }[]> {
  const seen: { inode: number; isMade: boolean }[] = [];
  const handle = await open(import.meta.filename);
  const handles = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const { sync } = handles;
  vi.spyOn(handles, 'sync').mockImplementation(async function (this: typeof handle) {
    seen.push({ inode: (await this.stat()).ino, isMade: existsSync(made) });
    await sync.call(this);
  });
  return seen;
}

test('a cluster is written without waiting, then brought to the disk at once, renamed, and its folder brought there too', async () => {
  const data = join(home, 'data');
  mkdirSync(data, { mode: 0o711 });
  if (user !== null) chownSync(data, user.uid, user.gid);
  const { binaries, calls } = await watchedBinaries(data);
  const cluster = join(data, 'postgres');
  const syncs = await watchSyncs(cluster);

  await ensureCluster(cluster, binaries, user, { log: () => undefined, isThrowaway: false });

  const [made = '', synced = '', ...more] = calls();
  const fresh = /^private --pgdata=(\S+) /.exec(made)?.[1] ?? '';
  expect(fresh).toMatch(/\/data\/postgres\.new-\d+-[\da-f]{8}$/);
  expect(made).toContain(' --no-sync');
  expect(synced).toBe(`private --pgdata=${fresh} --sync-only`);
  expect(more).toEqual([]);
  expect(syncs).toEqual([{ inode: statSync(data).ino, isMade: true }]);
  expect(readdirSync(data).filter((name) => name.startsWith('postgres.'))).toEqual([]);
});
