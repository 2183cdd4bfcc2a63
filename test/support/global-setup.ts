import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openPool } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { migrate } from '../../src/store/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly testServer: { readonly host: string; readonly port: number; readonly user: string };
  }
}

/** One real PostgreSQL for all tests of a run, with a migrated database that each test copies. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'inbox-test-'));
  const server = await startEmbeddedPostgres({ dataDirectory: folder });
  const { host, port, user } = server.connection;
  const admin = openPool({ host, port, user, database: 'postgres' }, { max: 1 });
  await admin.query('create database template_inbox');
  await admin.end();
  const pool = openPool({ host, port, user, database: 'template_inbox' }, { max: 1 });
  await migrate(pool);
  await pool.end();
  project.provide('testServer', { host, port, user });
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
