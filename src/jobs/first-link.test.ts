import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepFirstLink } from './first-link.ts';

test('the first link lies in a file of its owner, and goes with the first administrator', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'first-link-'));
  try {
    for (const link of ['http://127.0.0.1:7070/sign-in#a', 'http://127.0.0.1:7070/sign-in#b']) {
      await keepFirstLink(folder, link);
      expect(await readFile(join(folder, 'first-sign-in'), 'utf8')).toBe(`${link}\n`);
      expect((await stat(join(folder, 'first-sign-in'))).mode & 0o777).toBe(0o600);
    }
    expect(await readdir(folder)).toEqual(['first-sign-in']);
    await keepFirstLink(folder, null);
    await keepFirstLink(folder, null);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
