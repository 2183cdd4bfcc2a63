/** Writes `src/store/schema.sql`: the schema that the migrations make, for reading and for the test that holds the two equal. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPool } from '../src/store/database.ts';
import { startEmbeddedPostgres } from '../src/store/embedded/supervisor.ts';
import { migrate } from '../src/store/migrate.ts';
import { dumpSchema } from '../src/store/schema.ts';

const SCHEMA = join(import.meta.dirname, '../src/store/schema.sql');
const folder = await mkdtemp(join(tmpdir(), 'dump-schema-'));
const server = await startEmbeddedPostgres({ dataDirectory: folder });
try {
  const { host, port, user } = server.connection;
  const pool = openPool({ host, port, user, database: 'postgres' });
  // What stands there is the schema before, which a database of the new one would be refused for.
  await writeFile(SCHEMA, '');
  await migrate(pool);
  await writeFile(SCHEMA, await dumpSchema(pool));
  await pool.end();
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
