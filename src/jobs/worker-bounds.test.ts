import { expect, test } from 'vitest';
import { USUAL_LIMITS } from '#domain/ports/input-limits.ts';
import { leftMs, workerBounds } from './worker-bounds.ts';

const USUAL = workerBounds(USUAL_LIMITS);

test.each([
  [0, 60],
  [50, 75],
  [100, 90],
  [1_000, 360],
])('whoever has read %i MB may work for %i seconds', (megabytes, seconds) => {
  const done = { bytesRead: megabytes * 1024 ** 2, workedMs: 0, elapsedMs: 0 };
  expect(leftMs(USUAL, done)).toBe(seconds * 1_000);
});

test('an import has half a gigabyte of memory', () => {
  expect(USUAL.heapMb).toBe(512);
});

test.each([
  ['what it worked is gone', 59_000, 59_000, 1_000],
  ['all of it', 60_000, 60_000, 0],
  ['what it waited is not, on a machine in full use', 1_000, 400_000, 59_000],
  ['but nothing waits for ever', 1_000, 599_000, 1_000],
])('of a minute: %s', (_name, workedMs, elapsedMs, left) => {
  expect(leftMs(USUAL, { bytesRead: 0, workedMs, elapsedMs })).toBe(left);
});

test('whoever runs the server may say otherwise', () => {
  const limits = { 'import-heap-mb': 64, 'import-seconds': 1, 'import-seconds-each-100-mb': 2 };
  expect(workerBounds({ ...USUAL_LIMITS, ...limits })).toEqual({
    heapMb: 64,
    baseMs: 1_000,
    per100MbMs: 2_000,
  });
});
