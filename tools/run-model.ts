/**
 * The long version of test/naive-inbox.test.ts: random commands on the real inbox and on a naive one, which have to say the
 * same after each, on a database server of its own.
 *
 *     node bin/launch.mjs --run tools/run-model.ts --commands 1000000 [--seed 1] [--lanes 2]
 *
 * Several at once share the work when each has a seed of its own. `--lanes`: so many inboxes at once in one process.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openPool } from '../src/store/database.ts';
import { startEmbeddedPostgres } from '../src/store/embedded/supervisor.ts';
import { migrate } from '../src/store/migrate.ts';
import { openModelWorld, runModel } from '../test/support/model-run.ts';
import { openPreparedPool } from '../test/support/prepared-pool.ts';
import { inboxOn } from '../test/support/test-inbox.ts';

const { values } = parseArgs({
  options: {
    commands: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '2' },
  },
});
const [commands, seed, lanes] = [values.commands, values.seed, values.lanes].map((text) => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`A number of at least 1 was expected, found "${text}".`);
  return number;
}) as [number, number, number];

const TELL_EVERY = 10_000;
const startedAt = Date.now();
const done = new Array<number>(lanes).fill(0);
let told = 0;
function tell(lane: number, count: number): void {
  done[lane] = count;
  const all = done.reduce((sum, each) => sum + each, 0);
  if (all - told < TELL_EVERY && all < commands) return;
  told = all;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log(`${all} of ${commands} commands in ${seconds} s, no difference`);
}

const folder = await mkdtemp(join(tmpdir(), 'run-model-data-'));
await chmod(folder, 0o711);
const server = await startEmbeddedPostgres({ dataDirectory: folder, isThrowaway: true });
const { host, port, user } = server.connection;
try {
  await Promise.all(
    done.map(async (_, lane) => {
      const database = `model_${lane}`;
      const admin = openPool({ host, port, user, database: 'postgres' }, { max: 1 });
      await admin.query(`create database ${database}`);
      await admin.end();
      const address = { host, port, user, database };
      const migrating = openPool(address, { max: 1 });
      await migrate(migrating);
      await migrating.end();
      const pool = openPreparedPool(address);
      const world = await openModelWorld(inboxOn({ address, pool, drop: () => pool.end() }));
      const share = Math.ceil(commands / lanes);
      try {
        // Seeds of lanes stand apart, so that those of the next seed are others.
        await runModel(world, { seed: seed * 1_000 + lane, commands: share, shrinks: false }, (count) =>
          tell(lane, count),
        );
      } finally {
        await world.close();
      }
    }),
  );
  console.log(`${commands} commands (seed ${seed}): the inbox was what the naive one says after each.`);
} catch (error) {
  console.error(error instanceof Error ? (error.cause ?? error) : error);
  process.exitCode = 1;
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
