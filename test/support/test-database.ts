import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type DatabaseAddress, openPool, type Pool } from '../../src/store/database.ts';

export interface TestDatabase {
  readonly address: DatabaseAddress;
  readonly pool: Pool;
  /** Ends the pool and drops the database. */
  drop(): Promise<void>;
}

/** A fresh database on the real server: migrated, or an empty one (`template0`). */
export async function createTestDatabase(
  template: 'template_inbox' | 'template0' = 'template_inbox',
): Promise<TestDatabase> {
  const { host, port, user } = inject('testServer');
  const database = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${database} template ${template} strategy file_copy`);
  const address = { host, port, user, database };
  const pool = openPool(address);
  return {
    address,
    pool,
    async drop() {
      await pool.end();
      await onServer(`drop database ${database} with (force)`);
    },
  };
}

async function onServer(sql: string): Promise<void> {
  const { host, port, user } = inject('testServer');
  const admin = openPool({ host, port, user, database: 'postgres' }, { max: 1 });
  try {
    await admin.query(sql);
  } finally {
    await admin.end();
  }
}
