import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkRunDirectory, prepareRunDirectory, runDirectoryFor } from './run-directory.ts';
import { NOBODY } from './unprivileged-user.ts';

const isRoot = process.getuid?.() === 0;
const user = isRoot ? NOBODY : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const refused = { code: 'database_unreachable' };

let base: string;
let run: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'inbox-run-'));
  run = join(base, 'user', 'hash');
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

test('the path is short enough for a socket, whatever the length of the data path', () => {
  const socket = join(runDirectoryFor(`/srv/${'long/'.repeat(200)}`, 4_294_967_295), '.s.PGSQL.5432.lock');
  expect(Buffer.byteLength(socket)).toBeLessThan(100);
});

test('different clusters and different users have different folders', () => {
  const folders = [runDirectoryFor('/a', 1), runDirectoryFor('/b', 1), runDirectoryFor('/a', 2)];
  expect(new Set(folders).size).toBe(3);
});

test('it is made with mode 0700 for the user of the database, by several at once', async () => {
  expect(await checkRunDirectory(run, user)).toBe(false);
  await Promise.all([1, 2, 3].map(() => prepareRunDirectory(run, user)));
  for (const path of [join(base, 'user'), run]) {
    expect([statSync(path).uid, statSync(path).mode & 0o777]).toEqual([user.uid, 0o700]);
  }
  expect(await checkRunDirectory(run, user)).toBe(true);
});

test.each([0o770, 0o707, 0o755, 0o710])('a mode of %o is refused and not mended', async (mode) => {
  await prepareRunDirectory(run, user);
  chmodSync(run, mode);
  await expect(checkRunDirectory(run, user)).rejects.toMatchObject(refused);
  await expect(prepareRunDirectory(run, user)).rejects.toMatchObject(refused);
});

test.runIf(isRoot)("somebody else's folder is refused, above as well as below", async () => {
  await prepareRunDirectory(run, user);
  chownSync(join(base, 'user'), 12_345, 12_345);
  await expect(prepareRunDirectory(run, user)).rejects.toMatchObject(refused);
  chownSync(join(base, 'user'), user.uid, user.gid);
  chownSync(run, 12_345, 12_345);
  await expect(checkRunDirectory(run, user)).rejects.toMatchObject(refused);
});

test('a link in its place is refused', async () => {
  mkdirSync(join(base, 'elsewhere'), { mode: 0o700 });
  chownSync(join(base, 'elsewhere'), user.uid, user.gid);
  symlinkSync(join(base, 'elsewhere'), join(base, 'user'));
  await expect(prepareRunDirectory(run, user)).rejects.toMatchObject(refused);
});
