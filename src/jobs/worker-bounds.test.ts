import { expect, test } from 'vitest';
import { DEFAULT_WORKER_BOUNDS, leftMs } from './worker-bounds.ts';

test.each([
  [0, 60],
  [50, 75],
  [100, 90],
  [1_000, 360],
])('whoever has read %i MB may work for %i seconds', (megabytes, seconds) => {
  const done = { bytesRead: megabytes * 1024 ** 2, workedMs: 0, elapsedMs: 0 };
  expect(leftMs(DEFAULT_WORKER_BOUNDS, done)).toBe(seconds * 1_000);
});

test('an import has half a gigabyte of memory', () => {
  expect(DEFAULT_WORKER_BOUNDS.heapMb).toBe(512);
});

test.each([
  ['what it worked is gone', 59_000, 59_000, 1_000],
  ['all of it', 60_000, 60_000, 0],
  ['what it waited is not, on a machine in full use', 1_000, 400_000, 59_000],
  ['but nothing waits for ever', 1_000, 599_000, 1_000],
])('of a minute: %s', (_name, workedMs, elapsedMs, left) => {
  expect(leftMs(DEFAULT_WORKER_BOUNDS, { bytesRead: 0, workedMs, elapsedMs })).toBe(left);
});
