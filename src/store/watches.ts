import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import type { PlaceMark, Watch, WatchStore } from '#domain/ports/watch-store.ts';
import { inTransaction, type Pool } from './database.ts';
import { recordEvent } from './events.ts';
import type { Organisation } from './organisation.ts';

interface WatchRow {
  readonly id: string;
  readonly location: string;
  readonly options: JsonObject;
  readonly every_minutes: number;
  readonly allows_private: boolean;
  readonly created_by: string;
  readonly next_at: Instant;
  readonly etag: string | null;
  readonly last_modified: string | null;
  readonly digest: string | null;
  readonly looked_at: Instant | null;
  readonly state: NonNullable<Watch['last']>['state'] | null;
  readonly sentence: string | null;
}

const COLUMNS =
  'id, location, options, every_minutes, allows_private, created_by, next_at, etag, last_modified, digest, looked_at, state, sentence';

/** Watched places in PostgreSQL. */
export class PostgresWatchStore implements WatchStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;

  constructor(pool: Pool, organisation: Organisation) {
    this.#pool = pool;
    this.#organisation = organisation;
  }

  async list(): Promise<readonly Watch[]> {
    const result = await this.#pool.query<WatchRow>(
      `select ${COLUMNS} from watch where organisation = $1 order by location, id`,
      [this.#organisation.id],
    );
    return result.rows.map(watchOf);
  }

  async add(watch: Omit<Watch, 'mark' | 'last'>, at: Instant): Promise<void> {
    await inTransaction(this.#pool, async (connection) => {
      await connection.query(
        `insert into watch (organisation, id, location, options, every_minutes, allows_private, created_by, created_at, next_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          this.#organisation.id,
          watch.id,
          watch.location,
          JSON.stringify(watch.options),
          watch.everyMinutes,
          watch.allowsPrivate,
          watch.createdBy,
          new Date(at),
          new Date(watch.nextAt),
        ],
      );
      recordEvent(connection, this.#organisation.shard, {
        at,
        actor: watch.createdBy,
        verb: 'watch',
        subject: `watch:${watch.id}`,
        details: { location: watch.location, everyMinutes: watch.everyMinutes },
      });
    });
  }

  async remove(id: string, actor: string, at: Instant): Promise<boolean> {
    return inTransaction(this.#pool, async (connection) => {
      const removed = await connection.query('delete from watch where organisation = $1 and id = $2', [
        this.#organisation.id,
        id,
      ]);
      if (removed.rowCount === 0) return false;
      recordEvent(connection, this.#organisation.shard, {
        at,
        actor,
        verb: 'unwatch',
        subject: `watch:${id}`,
        details: {},
      });
      return true;
    });
  }

  async takeDue(now: Instant): Promise<Watch | null> {
    const result = await this.#pool.query<WatchRow>(
      `update watch set next_at = $2::timestamptz + make_interval(mins => every_minutes)
       where organisation = $1 and id = (select id from watch where organisation = $1 and next_at <= $2 order by next_at, id limit 1)
         and next_at <= $2
       returning ${COLUMNS}`,
      [this.#organisation.id, new Date(now)],
    );
    const [row] = result.rows;
    return row === undefined ? null : watchOf(row);
  }

  async finish(id: string, mark: PlaceMark | null, last: NonNullable<Watch['last']>): Promise<void> {
    await this.#pool.query(
      `update watch set looked_at = $3, state = $4, sentence = $5,
         etag = case when $6 then $7 else etag end, last_modified = case when $6 then $8 else last_modified end, digest = case when $6 then $9 else digest end
       where organisation = $1 and id = $2`,
      [
        this.#organisation.id,
        id,
        new Date(last.at),
        last.state,
        last.sentence,
        mark !== null,
        mark?.etag ?? null,
        mark?.lastModified ?? null,
        mark?.digest ?? null,
      ],
    );
  }
}

function watchOf(row: WatchRow): Watch {
  return {
    id: row.id,
    location: row.location,
    options: row.options,
    everyMinutes: row.every_minutes,
    allowsPrivate: row.allows_private,
    createdBy: row.created_by,
    nextAt: row.next_at,
    mark: { etag: row.etag, lastModified: row.last_modified, digest: row.digest },
    last:
      row.looked_at === null || row.state === null
        ? null
        : { at: row.looked_at, state: row.state, sentence: row.sentence ?? '' },
  };
}
