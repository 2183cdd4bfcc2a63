/**
 * The long version of test/naive-inbox.test.ts: random commands on the real inbox and on a naive one, which have to say the
 * same after each.
 *
 *     node bin/launch.mjs --run tools/run-model.ts --commands 1000000 [--seed 1] [--parts 2] [--lanes 2]
 *
 * `--parts`: so many processes share them, each with a database server of its own; as many as there are processors. `--lanes`:
 * so many inboxes at once in each. A lane ends at the first difference that it finds, which is printed with the commands that
 * led there, the others go on; the exit status is then 1.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
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
    parts: { type: 'string', default: String(availableParallelism()) },
    lanes: { type: 'string', default: '2' },
    /** Which of the parts this process is; absent: the one that started them. */
    part: { type: 'string' },
  },
});
const commands = atLeastOne(values.commands);
const seed = atLeastOne(values.seed);
const parts = atLeastOne(values.parts);
const lanes = atLeastOne(values.lanes);
const TELL_EVERY = 10_000;

if (values.part === undefined) await runAll();
else await runPart(atLeastOne(values.part) - 1);

function atLeastOne(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`A number of at least 1 was expected, found "${text}".`);
  return number;
}

/** How many commands a lane has done, or the difference that it ended with. */
type Told =
  | { readonly lane: number; readonly done: number }
  | { readonly lane: number; readonly difference: string };

/** Starts the parts and says how far they are. */
async function runAll(): Promise<void> {
  const startedAt = Date.now();
  const done = new Array<number>(parts * lanes).fill(0);
  const sum = () => done.reduce((all, each) => all + each, 0);
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  let toldAt = 0;
  let differences = 0;
  const children = Array.from({ length: parts }, (_, part): ChildProcess => {
    const child = fork(import.meta.filename, [...process.argv.slice(2), '--part', String(part + 1)]);
    child.on('message', (told: Told) => {
      if ('difference' in told) {
        differences += 1;
        console.error(`A difference, in lane ${told.lane} of seed ${seed}:\n${told.difference}`);
        return;
      }
      done[told.lane] = told.done;
      if (sum() - toldAt < TELL_EVERY) return;
      toldAt = sum();
      console.log(`${toldAt} of ${commands} commands in ${seconds()} s, differences: ${differences}`);
    });
    return child;
  });
  const statuses = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  console.log(`${sum()} commands (seed ${seed}) in ${seconds()} s, differences: ${differences}`);
  if (differences > 0 || statuses.some((status) => status !== 0)) process.exitCode = 1;
}

/** The lanes of one part, on a database server of their own. */
async function runPart(part: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'run-model-data-'));
  await chmod(folder, 0o711);
  const server = await startEmbeddedPostgres({ dataDirectory: folder, isThrowaway: true });
  const end = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  // Whoever started the parts is gone.
  process.once('disconnect', () => void end().then(() => process.exit(1)));
  const own = Array.from({ length: lanes }, (_, lane) => part * lanes + lane);
  await Promise.all(own.map((lane) => runLane(lane, server.connection)));
  await end();
  process.exit();
}

type Server = Awaited<ReturnType<typeof startEmbeddedPostgres>>['connection'];

async function runLane(lane: number, { host, port, user }: Server): Promise<void> {
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
  const isLast = lane === parts * lanes - 1;
  const share = Math.floor(commands / (parts * lanes));
  // Seeds of lanes stand apart, so that those of the next seed are others.
  const drawn = {
    seed: seed * 1_000 + lane,
    commands: isLast ? commands - lane * share : share,
    shrinks: false,
  };
  try {
    await runModel(world, drawn, (done) => tell({ lane, done }));
  } catch (error) {
    const { cause } = error as Error;
    tell({ lane, difference: String(cause instanceof Error ? cause.message : error) });
    process.exitCode = 1;
  } finally {
    await world.close();
  }
}

function tell(told: Told): void {
  if (process.connected) process.send?.(told);
}
