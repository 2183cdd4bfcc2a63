import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { secretKeyOf } from './secret-key.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inbox-key-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the key is 32 random bytes for its owner only, and one for all who start at once', async () => {
  const keys = await Promise.all(Array.from({ length: 10 }, () => secretKeyOf(folder)));
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  expect(keys[0]).toHaveLength(32);
  expect(await secretKeyOf(folder)).toEqual(keys[0]);
  expect(await readdir(folder)).toEqual(['secret.key']);
  expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600);
  const other = await mkdtemp(join(folder, 'other-'));
  expect(await secretKeyOf(other)).not.toEqual(keys[0]);
});

test('one that is cut off is refused and not replaced', async () => {
  await writeFile(join(folder, 'secret.key'), 'short');
  await expect(secretKeyOf(folder)).rejects.toMatchObject({ code: 'conflict' });
  expect((await stat(join(folder, 'secret.key'))).size).toBe(5);
});
