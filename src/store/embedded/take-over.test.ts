import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clearStalePostmasterFile, findPostmaster } from './take-over.ts';

let cluster: string;
let path: string;

beforeEach(() => {
  cluster = realpathSync(mkdtempSync(join(tmpdir(), 'inbox take-over ')));
  path = join(cluster, 'postmaster.pid');
});

afterEach(() => rmSync(cluster, { recursive: true, force: true }));

const NO_SEGMENT = '';
const fileOf = (pid: number | string, segment = NO_SEGMENT): string =>
  [pid, cluster, 1_790_000_000, 5432, '/tmp/x', '', segment, 'ready   ', ''].join('\n');

async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('who holds a cluster whose socket does not answer', () => {
  test('no file: nobody', async () => {
    expect(await clearStalePostmasterFile(cluster)).toEqual({ kind: 'nobody' });
  });

  test('a dead process: nobody, and the file is left for PostgreSQL to clear', async () => {
    writeFileSync(path, fileOf(await deadPid()));
    expect(await clearStalePostmasterFile(cluster)).toEqual({ kind: 'nobody' });
    expect(existsSync(path)).toBe(true);
  });

  test('a live process that is no PostgreSQL: nobody, and the file is gone', async () => {
    writeFileSync(path, fileOf(process.pid));
    expect(await clearStalePostmasterFile(cluster)).toEqual({ kind: 'nobody' });
    expect(readdirSync(cluster)).toEqual([]);
  });

  test('a stand-alone back end writes its number negated; it is read the same', async () => {
    writeFileSync(path, fileOf(-process.pid));
    expect(await clearStalePostmasterFile(cluster)).toEqual({ kind: 'nobody' });
    expect(existsSync(path)).toBe(false);
  });

  test('an empty file is left alone while it may be in the making, and taken away when old', async () => {
    writeFileSync(path, '');
    expect(await clearStalePostmasterFile(cluster)).toEqual({ kind: 'unfinished_file' });
    utimesSync(path, 1_790_000_000, 1_790_000_000);
    expect(await clearStalePostmasterFile(cluster)).toEqual({ kind: 'nobody' });
    expect(readdirSync(cluster)).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('processes called postgres', () => {
  // `exec -a` changes what is shown, not the program: the rule must look at the program itself.
  test('a process that only calls itself postgres is none', async () => {
    const child = spawn('bash', ['-c', 'exec -a postgres sleep 600'], { cwd: cluster });
    try {
      await once(child, 'spawn');
      writeFileSync(path, fileOf(child.pid ?? 0));
      expect(await findPostmaster(cluster)).toBe(null);
      expect(await clearStalePostmasterFile(cluster)).toEqual({ kind: 'nobody' });
    } finally {
      child.kill('SIGKILL');
    }
  });
});
