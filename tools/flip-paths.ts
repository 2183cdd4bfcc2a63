// Closes and opens gates of random accounts, and compares the attack paths of a model that lives on with those that are derived anew:
//
//   node bin/launch.mjs --run tools/flip-paths.ts --flips 100000 --seed 11

import { parseArgs } from 'node:util';
import { compareFlips } from '../src/domain/attackpath/what-if.flips.test-sample.ts';
import { seconds, timed } from './bench/measure.ts';

const { values } = parseArgs({ options: { flips: { type: 'string' }, seed: { type: 'string' } } });
const flips = Number(values.flips ?? 100_000);
const seed = Number(values.seed ?? 20_261_129);
let issues = 0;
const time = await timed(() => {
  issues = compareFlips(flips, seed);
});
console.log(`${flips} random flips (seed ${seed}) in ${seconds(time)}: all equal, ${issues} issues compared`);
