/** Runs the tests of the folder given and prints what the tally counted; for the tally's own test. */
import { startVitest } from 'vitest/node';
import { TestTally } from './test-tally.ts';

const tally = new TestTally();
const [root = ''] = process.argv.slice(2);
const vitest = await startVitest([], {
  root,
  config: false,
  globals: true,
  watch: false,
  include: ['**/*.case.js'],
  reporters: [tally],
});
await vitest.close();
console.log(JSON.stringify(tally));
process.exit(0);
