import { expect, it } from 'vitest';
import { importProgress } from './import-progress.ts';

it.each([
  ['on its way', { size: 40_000_000, received: 10_000_000, read: null }, '10 MB of 40 MB sent', 0.25],
  [
    'behind another',
    { size: 40_000_000, received: 40_000_000, read: null },
    '40 MB sent, waits for its turn',
    null,
  ],
  ['being read', { size: 40_000_000, received: 40_000_000, read: 30_000_000 }, '30 MB of 40 MB read', 0.75],
  [
    'packed, and read to its end',
    { size: 4_000, received: 4_000, read: 9_000 },
    '9.0 kB read, storing what changed',
    null,
  ],
  ['of a size that nobody said', { size: null, received: 5_000, read: null }, '5.0 kB sent', null],
  ['of such a size, being read', { size: null, received: 5_000, read: 2_000 }, '2.0 kB read', null],
])('%s', (_title, running, words, share) => {
  expect(importProgress(running)).toEqual({ words, share });
});
