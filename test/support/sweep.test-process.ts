/**
 * A process that sweeps, as a server of several does: says that it is ready, waits for a line, and sweeps at an instant
 * until nothing is due.
 *
 *     sweep.test-process.ts ADDRESS-AS-JSON INSTANT
 */
import { once } from 'node:events';
import { sweepIssues } from '../../src/app/sweep-issues.ts';
import { openPool } from '../../src/store/database.ts';
import { inboxOn } from './test-inbox.ts';

const [address = '{}', at = '0'] = process.argv.slice(2);
const parsed = JSON.parse(address);
const pool = openPool(parsed);
const { ctx } = inboxOn({ address: parsed, pool, drop: () => pool.end() }, Number(at));
await pool.query('select 1');
console.log('ready');
await once(process.stdin, 'data');
console.log(`swept ${await sweepIssues(ctx)}`);
await pool.end();
process.stdin.destroy();
