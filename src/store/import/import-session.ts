import { randomInt } from 'node:crypto';
import type { Clock } from '#domain/ports/clock.ts';
import type { ImportSession, ImportStore, ScanImport, ScanRequest } from '#domain/ports/import-store.ts';
import { type Connection, LOCK, type Pool } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { PostgresScanImport } from './scan-import.ts';
import { StageWriter } from './stage-writer.ts';

/** Takes scans into PostgreSQL. */
export class PostgresImportStore implements ImportStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async openSession(): Promise<ImportSession> {
    const connection = await this.#pool.connect();
    try {
      await connection.query('select pg_advisory_lock($1, $2)', [
        LOCK.importer,
        Number(this.#organisation.id),
      ]);
      await dropAbandonedStages(connection, this.#organisation.shard);
    } catch (error) {
      connection.release(true);
      throw error;
    }
    return new PostgresImportSession(connection, this.#organisation, this.#clock);
  }
}

class PostgresImportSession implements ImportSession {
  readonly #connection: Connection;
  readonly #organisation: Organisation;
  readonly #clock: Clock;
  readonly #stage: StageWriter;
  #begun = 0;
  readonly #base = randomInt(1, 2 ** 40);

  constructor(connection: Connection, organisation: Organisation, clock: Clock) {
    this.#connection = connection;
    this.#organisation = organisation;
    this.#clock = clock;
    this.#stage = new StageWriter(connection);
  }

  async begin(request: ScanRequest): Promise<ScanImport> {
    const importId = BigInt(this.#base + this.#begun++);
    await this.#stage.end();
    return PostgresScanImport.begin(
      this.#connection,
      this.#organisation,
      this.#clock,
      this.#stage,
      importId,
      request,
    );
  }

  async close(): Promise<void> {
    // Ending the connection lets the lock go, whatever state it is in.
    this.#connection.release(true);
  }
}

/** Whoever holds the import lock is the only importer: stages that lie about are of importers that were killed. */
async function dropAbandonedStages(connection: Connection, shard: bigint): Promise<void> {
  await connection.query('delete from stage_sighting where shard = $1', [shard]);
}
