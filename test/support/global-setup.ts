import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openPool } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { migrate } from '../../src/store/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly testServer: { readonly host: string; readonly port: number; readonly user: string };
    /** A cluster as it is made for new data, and stopped; to be copied. */
    readonly readyCluster: string;
  }
}

/** One real PostgreSQL for all tests of a run, with a migrated database that each test copies. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'inbox-test-'));
  await chmod(folder, 0o711);
  const made = await startEmbeddedPostgres({ dataDirectory: folder, isThrowaway: true });
  await made.stop();
  const readyCluster = join(folder, 'ready');
  execFileSync('cp', ['-a', join(folder, 'postgres'), readyCluster]);
  const server = await startEmbeddedPostgres({ dataDirectory: folder, isThrowaway: true });
  const { host, port, user } = server.connection;
  const admin = openPool({ host, port, user, database: 'postgres' }, { max: 1 });
  await admin.query('create database template_inbox');
  await admin.end();
  const pool = openPool({ host, port, user, database: 'template_inbox' }, { max: 1 });
  await migrate(pool);
  await pool.end();
  project.provide('testServer', { host, port, user });
  project.provide('readyCluster', readyCluster);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
