/**
 * Runs all tests, or those of the files named as arguments. Its last lines are the ten slowest files
 * and, for machines, `N passed, N failed`. Ends with 0 only when tests ran and none failed.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startVitest } from 'vitest/node';
import { TestTally } from './test-tally.ts';

const scratch = mkdtempSync(join(tmpdir(), 'security-inbox-tests-'));
// Tests that run as root hand folders in it to an unprivileged user.
chmodSync(scratch, 0o711);
process.env.TMPDIR = scratch;
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

const tally = new TestTally();
const vitest = await startVitest(process.argv.slice(2), {
  root: resolve(import.meta.dirname, '..'),
  watch: false,
  pool: 'forks',
  maxWorkers: 2,
  reporters: ['default', tally],
});
await vitest.close();
const { passed, failed, slowest } = tally;
console.log('\nThe slowest files:');
for (const { file, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${file}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
