import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claim, withLock } from './lock.mjs';
import { processMark } from './process-mark.mjs';

let base: string;
let folder: string;
const pids: number[] = [];

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'inbox lock '));
  folder = join(base, 'the.lock');
});

afterEach(() => {
  for (const pid of pids.splice(0)) if (processMark(pid) !== null) process.kill(pid, 'SIGKILL');
  rmSync(base, { recursive: true, force: true });
});

function other(...args: string[]): ChildProcess {
  const program = join(import.meta.dirname, 'lock.test-process.mjs');
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** A process that holds the lock and was killed; its child lives on. */
async function killedHolder(mode: 'hold' | 'hold-with-child'): Promise<number> {
  const owner = other(mode, folder);
  const [line] = (await once(createInterface({ input: owner.stdout! }), 'line')) as [string];
  pids.push(Number(line));
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  return Number(line);
}

test('one at a time, over processes', async () => {
  const file = join(base, 'number');
  writeFileSync(file, '0');
  const all = [1, 2, 3, 4].map(() => other('count', folder, file, '8'));
  await Promise.all(all.map((child) => once(child, 'exit')));
  expect(readFileSync(file, 'utf8')).toBe('32');
  expect(readdirSync(folder)).toHaveLength(1);
});

test('the lock of a killed owner is free', async () => {
  await killedHolder('hold');
  let waited = false;
  const result = await withLock(
    folder,
    async () => 'mine',
    () => {
      waited = true;
    },
  );
  expect([result, waited]).toEqual(['mine', false]);
});

test('a child that outlives its killed parent keeps the lock until it ends', async () => {
  const child = await killedHolder('hold-with-child');
  const alive: boolean[] = [];
  await withLock(
    folder,
    async () => {
      alive.push(processMark(child) !== null);
    },
    () => {
      alive.push(processMark(child) !== null);
      process.kill(child, 'SIGKILL');
    },
  );
  expect(alive).toEqual([true, false]);
});

test.runIf(process.platform === 'linux')(
  'a number that was given to another process holds nothing',
  async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, '7'), `${process.pid} 1`);
    let waited = false;
    await withLock(
      folder,
      async () => {
        expect(readdirSync(folder)).toEqual(['8']);
      },
      () => {
        waited = true;
      },
    );
    expect(waited).toBe(false);
  },
);

test('a waiter that judged an old state loses to the number that came after', () => {
  mkdirSync(folder);
  expect(claim(folder, 5)).toBe(true);
  expect([claim(folder, 5), claim(folder, 4)]).toEqual([false, false]);
  expect(readdirSync(folder)).toEqual(['5']);
  expect(claim(folder, 6)).toBe(true);
  expect(readdirSync(folder)).toEqual(['6']);
});

test.runIf(process.platform === 'linux')(
  'a process is told from a later one of its number by its start',
  () => {
    expect(processMark(process.pid)).toMatch(new RegExp(`^${process.pid} \\d+$`));
    expect(processMark(process.pid)).toBe(processMark(process.pid));
  },
);

test('it is let go of when the work fails', async () => {
  const failing = withLock(
    folder,
    async () => {
      throw new Error('no');
    },
    () => undefined,
  );
  await expect(failing).rejects.toThrow('no');
  expect(
    await withLock(
      folder,
      async () => 'mine',
      () => undefined,
    ),
  ).toBe('mine');
});
