import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelWorld, openModelWorld, runModel } from './support/model-run.ts';
import { openPreparedPool } from './support/prepared-pool.ts';
import { createTestDatabase } from './support/test-database.ts';
import { inboxOn } from './support/test-inbox.ts';

/**
 * Many more are run by `node bin/launch.mjs --run tools/run-model.ts --commands 1000000`. PROPERTY_SEED=any draws others,
 * MODEL_SHRINK=1 looks for the fewest commands that show a difference.
 */
const COMMANDS = Number(process.env['MODEL_COMMANDS'] ?? 5_000);
/** So many inboxes at once, each on a database of its own: while one waits for its database the others think. */
const LANES = 3;

const worlds: ModelWorld[] = [];
beforeAll(async () => {
  for (let lane = 0; lane < LANES; lane++) {
    const database = await createTestDatabase();
    const pool = openPreparedPool(database.address);
    const drop = () => pool.end().then(() => database.drop());
    worlds.push(await openModelWorld(inboxOn({ ...database, pool, drop })));
  }
});
afterAll(() => Promise.all(worlds.map((world) => world.close())));

test(`the inbox is what a naive one says, after each of ${COMMANDS} commands`, async () => {
  const { seed = Date.now() } = fc.readConfigureGlobal();
  const commands = Math.ceil(COMMANDS / LANES);
  const shrinks = process.env['MODEL_SHRINK'] !== undefined;
  const done = await Promise.all(
    worlds.map((world, lane) => runModel(world, { seed: seed + lane, commands, shrinks })),
  );
  expect(done).toEqual(worlds.map(() => commands));
}, 3_600_000);
