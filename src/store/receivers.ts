import type { Instant } from '#base/instant.ts';
import type { NewReceiver, Receiver, ReceiverKind } from '#domain/delivery/receiver.ts';
import type { ReceiverStore } from '#domain/ports/receiver-store.ts';
import type { Severity } from '#domain/severity/severity.ts';
import { inTransaction, type Pool } from './database.ts';
import { recordEvent } from './events.ts';
import type { Organisation } from './organisation.ts';

interface ReceiverRow {
  readonly name: string;
  readonly kind: ReceiverKind;
  readonly address: string;
  readonly project: string | null;
  readonly ticket_type: string | null;
  readonly account: string | null;
  readonly allows_private: boolean;
  readonly wants_events: boolean;
  readonly least_severity: Severity | null;
  readonly digest_minutes: number | null;
  readonly created_by: string;
  readonly created_at: Instant;
  readonly last_at: Instant | null;
  readonly last_failure: string | null;
}

/** The places outside to which organisations deliver, in PostgreSQL. */
export class PostgresReceiverStore implements ReceiverStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;

  constructor(pool: Pool, organisation: Organisation) {
    this.#pool = pool;
    this.#organisation = organisation;
  }

  async list(): Promise<readonly Receiver[]> {
    const result = await this.#pool.query<ReceiverRow>(
      `select name, kind, address, project, ticket_type, account, allows_private, wants_events, least_severity, digest_minutes, created_by, created_at, last_at, last_failure
       from receiver where organisation = $1 order by name`,
      [this.#organisation.id],
    );
    return result.rows.map((row) => ({
      name: row.name,
      kind: row.kind,
      address: row.address,
      project: row.project,
      ticketType: row.ticket_type,
      account: row.account,
      allowsPrivate: row.allows_private,
      wantsEvents: row.wants_events,
      leastSeverity: row.least_severity,
      digestMinutes: row.digest_minutes,
      createdBy: row.created_by,
      createdAt: row.created_at,
      last: row.last_at === null ? null : { at: row.last_at, failure: row.last_failure },
    }));
  }

  async put(receiver: NewReceiver, sealed: Uint8Array, actor: string, at: Instant): Promise<void> {
    const { name, kind, address, project, ticketType, account, allowsPrivate, wantsEvents } = receiver;
    const { leastSeverity, digestMinutes } = receiver;
    await inTransaction(this.#pool, async (connection) => {
      await connection.query(
        `insert into receiver (organisation, name, kind, address, project, ticket_type, account, allows_private, wants_events, least_severity, digest_minutes, secret, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict (organisation, name) do update set kind = excluded.kind, address = excluded.address, project = excluded.project,
           ticket_type = excluded.ticket_type, account = excluded.account, allows_private = excluded.allows_private, wants_events = excluded.wants_events,
           least_severity = excluded.least_severity, digest_minutes = excluded.digest_minutes, secret = excluded.secret, created_by = excluded.created_by, created_at = excluded.created_at, last_at = null, last_failure = null`,
        [
          this.#organisation.id,
          name,
          kind,
          address,
          project,
          ticketType,
          account,
          allowsPrivate,
          wantsEvents,
          leastSeverity,
          digestMinutes,
          sealed,
          actor,
          new Date(at),
        ],
      );
      recordEvent(connection, this.#organisation.shard, {
        at,
        actor,
        verb: 'put receiver',
        subject: `receiver:${name}`,
        details: { ...receiver },
      });
    });
  }

  remove(name: string, actor: string, at: Instant): Promise<boolean> {
    return inTransaction(this.#pool, async (connection) => {
      const removed = await connection.query('delete from receiver where organisation = $1 and name = $2', [
        this.#organisation.id,
        name,
      ]);
      if (removed.rowCount === 0) return false;
      recordEvent(connection, this.#organisation.shard, {
        at,
        actor,
        verb: 'remove receiver',
        subject: `receiver:${name}`,
        details: {},
      });
      return true;
    });
  }

  async sealedSecret(name: string): Promise<Uint8Array | null> {
    const result = await this.#pool.query<{ secret: Buffer }>(
      'select secret from receiver where organisation = $1 and name = $2',
      [this.#organisation.id, name],
    );
    return result.rows[0]?.secret ?? null;
  }

  async tell(name: string, at: Instant, failure: string | null): Promise<void> {
    await this.#pool.query(
      'update receiver set last_at = $3, last_failure = $4 where organisation = $1 and name = $2',
      [this.#organisation.id, name, new Date(at), failure],
    );
  }
}
