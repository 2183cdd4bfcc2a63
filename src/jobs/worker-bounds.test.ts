import { expect, test } from 'vitest';
import { allowedMs, DEFAULT_WORKER_BOUNDS } from './worker-bounds.ts';

test.each([
  [0, 60],
  [50, 75],
  [100, 90],
  [1_000, 360],
])('whoever has read %i MB may work for %i seconds', (megabytes, seconds) => {
  expect(allowedMs(DEFAULT_WORKER_BOUNDS, megabytes * 1024 ** 2)).toBe(seconds * 1_000);
});
