// Decides random policies twice, with the evaluator and with one that reads AWS's rules literally; ends at the first difference:
//
//   node bin/launch.mjs --run tools/fuzz-policies.ts --cases 1000000 --seed 11

import { parseArgs } from 'node:util';
import { compareDecisions } from '../src/domain/privilege/aws/decide.test-sample.ts';
import { seconds, timed } from './bench/measure.ts';

const { values } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' } } });
const cases = Number(values.cases ?? 100_000);
const seed = Number(values.seed ?? 20_261_128);
let seen: readonly number[] = [];
const time = await timed(() => {
  seen = compareDecisions(cases, seed);
});
const [no, undecided, weakened, certain] = seen;
console.log(
  `${cases} random cases (seed ${seed}) in ${seconds(time)}: all equal; ${no} denied, ${undecided} undecided, ${weakened} under conditions, ${certain} allowed`,
);
