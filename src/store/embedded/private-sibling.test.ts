import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { privateSibling, removeAbandonedSiblings } from './private-sibling.ts';

test('what a process left that is gone is thrown away; ours and what is no sibling stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'inbox-sibling-'));
  try {
    const gone = spawn('true');
    await once(gone, 'exit');
    const path = join(folder, 'thing');
    const ours = privateSibling(path);
    for (const each of [ours, `${path}.new-${gone.pid}-abcd/inside`, `${path}-2.new-${gone.pid}-abcd`]) {
      mkdirSync(each, { recursive: true });
    }
    await removeAbandonedSiblings(path);
    expect(readdirSync(folder)).toEqual([`thing-2.new-${gone.pid}-abcd`, basename(ours)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
