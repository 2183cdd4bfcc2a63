import { randomInt } from 'node:crypto';
import type { JsonValue } from '#base/json-value.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type {
  ImportSession,
  ImportStore,
  ScanImport,
  ScanRequest,
  SourceRef,
  UndoneScan,
  UndoRefusal,
} from '#domain/ports/import-store.ts';
import { type Connection, LOCK, type Pool } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { aliasVersion, loadAliases } from '../rekey/stored-aliases.ts';
import type { KnownAliases } from './known-aliases.ts';
import { keepHeapLean } from './lean-heap.ts';
import { PostgresScanImport } from './scan-import.ts';
import { StageWriter } from './stage-writer.ts';
import { undoScan } from './undo-scan.ts';

/** Takes scans into PostgreSQL. */
export class PostgresImportStore implements ImportStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;

  constructor(pool: Pool, organisation: Organisation) {
    this.#pool = pool;
    this.#organisation = organisation;
  }

  async openSession(clock: Clock): Promise<ImportSession> {
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
    return new PostgresImportSession(connection, this.#organisation, clock);
  }
}

class PostgresImportSession implements ImportSession {
  readonly #connection: Connection;
  readonly #organisation: Organisation;
  readonly #clock: Clock;
  readonly #stage: StageWriter;
  readonly #heap = keepHeapLean();
  #begun = 0;
  #aliases: KnownAliases | null = null;
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
      await this.#currentAliases(),
    );
  }

  async sourceOf(source: SourceRef): Promise<SourceRef> {
    await this.#stage.end();
    const merged = await this.#connection.query<{ id: string; name: string }>({
      name: 'merged-source',
      text: 'select target.id, target.name from source join source as target on target.organisation = source.organisation and target.id = source.merged_into where source.organisation = $1 and source.id = $2',
      values: [this.#organisation.id, source.id],
    });
    const target = merged.rows[0];
    return target === undefined ? source : { ...source, id: target.id, name: target.name };
  }

  async formatMemory(format: string): Promise<JsonValue | null> {
    await this.#stage.end();
    const result = await this.#connection.query<{ body: JsonValue }>({
      name: 'format-memory',
      text: 'select body from format_memory where organisation = $1 and format = $2',
      values: [this.#organisation.id, format],
    });
    return result.rows[0]?.body ?? null;
  }

  async keepFormatMemory(format: string, body: JsonValue): Promise<void> {
    await this.#stage.end();
    await this.#connection.query(
      `insert into format_memory (organisation, format, body) values ($1, $2, $3)
       on conflict (organisation, format) do update set body = excluded.body`,
      [this.#organisation.id, format, JSON.stringify(body)],
    );
  }

  async undo(scanId: string, actor: string): Promise<UndoneScan | UndoRefusal> {
    await this.#stage.end();
    return undoScan(this.#connection, this.#organisation, this.#clock.now(), scanId, actor);
  }

  /** Read once, and again when they have changed. */
  async #currentAliases(): Promise<KnownAliases> {
    const version = await aliasVersion(this.#connection, this.#organisation);
    if (this.#aliases?.version !== version)
      this.#aliases = { version, aliases: await loadAliases(this.#connection, this.#organisation) };
    return this.#aliases;
  }

  /** A connection that knows the tables already spares the next import much; one in any other state lets its locks go by ending. */
  async close(): Promise<void> {
    this.#heap.letGrow();
    const isAtRest = !this.#stage.isOpen && this.#connection.getTransactionStatus() === 'I';
    const isFree = isAtRest && (await lettingGo(this.#connection));
    this.#connection.release(!isFree);
  }
}

/** Whether the connection answered that it holds no lock of the session any more. */
function lettingGo(connection: Connection): Promise<boolean> {
  return connection.query('select pg_advisory_unlock_all()').then(
    () => true,
    () => false,
  );
}

/** So much may lie about in the stage: a look passes over it in no time. */
const BYTES_LEFT = 1_048_576n;

/**
 * Whoever holds the import lock is the only importer: stages that lie about are of importers that were killed.
 * Where no other organisation imports either, a table that has grown is emptied at once, with the rows that were deleted
 * and that every look at it would pass over; a small one is not, because emptying goes over all memory of the database.
 */
async function dropAbandonedStages(connection: Connection, shard: bigint): Promise<void> {
  const alone = await connection.query<{ is_alone: boolean; bytes: bigint }>(
    "select pg_try_advisory_lock($1) as is_alone, pg_relation_size('stage_sighting') as bytes",
    [LOCK.stage],
  );
  const { is_alone: isAlone, bytes } = alone.rows[0] as { is_alone: boolean; bytes: bigint };
  const isEmptied = isAlone && bytes > BYTES_LEFT;
  if (isEmptied) await connection.query('truncate stage_sighting');
  const shared = 'select pg_advisory_lock_shared($1)';
  await connection.query(isAlone ? `${shared}, pg_advisory_unlock($1)` : shared, [LOCK.stage]);
  if (!isEmptied && bytes > 0n)
    await connection.query('delete from stage_sighting where shard = $1', [shard]);
}
