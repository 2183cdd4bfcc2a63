import { expect, test } from 'vitest';
import { fuzzFormats } from './formats.fuzz.test-sample.ts';

/** More inputs, drawn otherwise: `node bin/launch.mjs --run tools/fuzz-formats.ts --inputs 10000000 --seed 7`. */
test('changed samples of every format are read or refused, in time, and entries that were not changed are kept', async () => {
  const tally = await fuzzFormats(INPUTS, 20_261_128, { bytesMax: SMALL });
  expect(tally.inputs).toBe(INPUTS);
  expect(tally.read).toBeGreaterThan(INPUTS / 3);
  expect(tally.compared).toBeGreaterThan(INPUTS / 10);
}, 600_000);

/** With those of `formats.test.ts`, 60 for each sample, 100,000. */
const INPUTS = 75_000;
/** Bytes. What is small is read in a tenth of a millisecond. */
const SMALL = 1_500;
