// Changes samples of all formats and reads them; ends at the first that crashes, hangs or loses an entry:
//
//   node bin/launch.mjs --run tools/fuzz-formats.ts --inputs 10000000 --seed 7
//   node bin/launch.mjs --run tools/fuzz-formats.ts --inputs 100000 --format trivy

import { parseArgs } from 'node:util';
import { type FuzzTally, fuzzFormats } from '../src/formats/formats.fuzz.test-sample.ts';
import { seconds, timed } from './bench/measure.ts';

const { values } = parseArgs({
  options: { inputs: { type: 'string' }, seed: { type: 'string' }, format: { type: 'string' } },
});
const inputs = Number(values.inputs ?? 100_000);
const seed = Number(values.seed ?? 20_261_128);
let tally: FuzzTally | null = null;
const time = await timed(async () => {
  tally = await fuzzFormats(inputs, seed, { only: values.format });
});
const { read, refused, compared } = tally as unknown as FuzzTally;
console.log(
  `${inputs} changed reports (seed ${seed}) in ${seconds(time)}: ${read} read, ${refused} refused, none crashed or hung; in ${compared} all entries but the changed one were read as before`,
);
