/**
 * The long version of test/kill.test.ts: kills importers in the middle of their work, on a database of its own.
 *
 *     node tools/kill-importers.ts --times 1000 [--seed 1]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openPool } from '../src/store/database.ts';
import { startEmbeddedPostgres } from '../src/store/embedded/supervisor.ts';
import { migrate } from '../src/store/migrate.ts';
import { killImporters, seeded } from '../test/support/kill-importers.ts';
import { inboxOn } from '../test/support/test-inbox.ts';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});
const times = Number(values.times);
if (!Number.isInteger(times) || times < 1)
  throw new Error(`--times: a number of at least 1 was expected, found "${values.times}".`);

const folder = await mkdtemp(join(tmpdir(), 'kill-importers-data-'));
const server = await startEmbeddedPostgres({ dataDirectory: folder });
let faults = 0;
try {
  const { host, port, user } = server.connection;
  const address = { host, port, user, database: 'postgres' };
  const pool = openPool(address);
  await migrate(pool);
  const inbox = inboxOn({ address, pool, drop: () => pool.end() });
  await killImporters(
    inbox,
    times,
    seeded(Number(values.seed)),
    ({ message, applied, faults: found }, number) => {
      faults += found.length;
      console.log(
        `${number} of ${times}: killed at message ${message}, ${applied} of 2 scans applied${found.map((fault) => `\n  ${fault}`).join('')}`,
      );
    },
  );
  await inbox.close();
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(
  faults === 0
    ? `${times} importers were killed; nothing was lost and nothing half done.`
    : `${faults} faults.`,
);
process.exitCode = faults === 0 ? 0 : 1;
