import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshSpoolFolder } from './spool-folder.ts';

test('uploads of servers that are gone are thrown away, those of one that runs are not', async () => {
  const data = await mkdtemp(join(tmpdir(), 'inbox-spool-'));
  try {
    expect(await freshSpoolFolder(data)).toBe(join(data, 'spool', `${process.pid}`));
    // No process has a number beyond what the kernel gives out, and none is below zero.
    for (const name of [`${process.pid}`, `${process.ppid}`, '99999999', '-1', 'upload-1']) {
      await mkdir(join(data, 'spool', name), { recursive: true });
      await writeFile(join(data, 'spool', name, 'upload-a'), 'half a rep');
    }
    await writeFile(join(data, 'spool', 'upload-2'), 'half a rep');
    await freshSpoolFolder(data);
    expect(await readdir(join(data, 'spool'))).toEqual([`${process.ppid}`]);
  } finally {
    await rm(data, { recursive: true });
  }
});
