/**
 * A process of its own for the tests of upgrades: starts the database of a data folder, brings it up to date with the
 * migrations of a folder after a backup, and ends.
 */
import { pathToFileURL } from 'node:url';
import { openPool } from '../database.ts';
import { migrate } from '../migrate.ts';
import { startEmbeddedPostgres } from './supervisor.ts';
import { backUpBeforeUpgrade } from './upgrade-backup.ts';

const [dataDirectory = '', migrations = ''] = process.argv.slice(2);
const postgres = await startEmbeddedPostgres({ dataDirectory });
const pool = openPool(postgres.connection);
await migrate(pool, {
  folder: pathToFileURL(`${migrations}/`),
  beforeUpgrade: async (session, missing) => {
    await backUpBeforeUpgrade(session, { dataDirectory: postgres.dataDirectory, missing, now: Date.now() });
  },
});
await pool.end();
await postgres.stop();
