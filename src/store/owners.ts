import type { Instant } from '#base/instant.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { OwnerStore, ToldOwners } from '#domain/ports/owner-store.ts';
import { keysOfCode } from '#domain/resource/nameless-code.ts';
import { refreshPaths } from './attackpath/refresh-paths.ts';
import { type Connection, inTransaction, lockOrganisation, type Pool } from './database.ts';
import { addIssuesTouching } from './estate/add-issues-touching.ts';
import { followCatalogue } from './estate/move-catalogue.ts';
import { placeResources } from './estate/place-resources.ts';
import { recordEvent } from './events.ts';
import { IssueIds } from './issue-ids.ts';
import type { Organisation } from './organisation.ts';
import { loadToldOwners } from './owner-preferences.ts';
import { keySpellings, keysOfNames } from './resource-names.ts';
import { rollUpIssues } from './roll-up.ts';

/** What organisations say about owners, in PostgreSQL. */
export class PostgresOwnerStore implements OwnerStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  list(): Promise<ToldOwners> {
    return loadToldOwners(this.#pool, this.#organisation.shard);
  }

  async replace({ tags, exclusions }: Pick<ToldOwners, 'tags' | 'exclusions'>, actor: string): Promise<void> {
    const { id, shard } = this.#organisation;
    const rows = [
      ...tags.map(({ tag, value, owner, note }) => ({ kind: 'tag', subject: tag, value, owner, note })),
      ...exclusions.map(({ owner, from, note }) => ({
        kind: 'exclusion',
        subject: owner,
        value: from ?? '',
        owner: null,
        note,
      })),
    ];
    await this.#change(
      actor,
      'owner preferences',
      'owners',
      { tags, exclusions },
      async (connection, at, issues) => {
        await connection.query(
          "delete from owner_preference where organisation = $1 and kind in ('tag', 'exclusion')",
          [id],
        );
        await connection.query(
          `insert into owner_preference (organisation, kind, subject, value, owner, note, actor, at)
         select $1, kind, subject, value, owner, note, $3, $4 from jsonb_to_recordset($2) as row (kind text, subject text, value text, owner text, note text)`,
          [id, JSON.stringify(rows), actor, new Date(at)],
        );
        const files = await connection.query<{ repository: string }>(
          `select distinct body ->> 'repository' as repository from catalogue_entry where shard = $1 and kind = 'code-owners' and not is_retired`,
          [shard],
        );
        const repositories = files.rows.flatMap(({ repository }) => keysOfCode(repository));
        const moved = { count: rows.length, repositories, advisories: [], services: 1 };
        await followCatalogue(connection, this.#organisation, [moved], issues);
        return true;
      },
    );
  }

  async accept(resource: string, owner: string, actor: string): Promise<string | null> {
    const key = await this.#keyOf(resource);
    if (key === null) return null;
    await this.#changeOf(key, 'accept owner', { owner }, actor, async (connection, at) => {
      await connection.query(
        `insert into owner_preference (organisation, kind, subject, owner, actor, at) values ($1, 'accepted', $2, $3, $4, $5)
         on conflict (organisation, kind, subject, value) do update set owner = excluded.owner, actor = excluded.actor, at = excluded.at`,
        [this.#organisation.id, key, owner, actor, new Date(at)],
      );
      return true;
    });
    return key;
  }

  async withdraw(resource: string, actor: string): Promise<boolean> {
    const key = (await this.#keyOf(resource)) ?? resource;
    return this.#changeOf(key, 'withdraw owner', {}, actor, async (connection) => {
      const gone = await connection.query(
        "delete from owner_preference where organisation = $1 and kind = 'accepted' and subject = $2",
        [this.#organisation.id, key],
      );
      return gone.rowCount !== 0;
    });
  }

  async #keyOf(resource: string): Promise<string | null> {
    const named = await keysOfNames(this.#pool, this.#organisation, [resource]);
    const found = await this.#pool.query<{ key: string }>(
      'select key from resource where shard = $1 and key = any($2::text[]) and gone_at is null order by array_position($2::text[], key) limit 1',
      [this.#organisation.shard, [...keySpellings(resource), ...named.values()]],
    );
    return found.rows[0]?.key ?? null;
  }

  #changeOf(
    key: string,
    verb: string,
    details: Readonly<Record<string, unknown>>,
    actor: string,
    save: (connection: Connection, at: Instant) => Promise<boolean>,
  ): Promise<boolean> {
    return this.#change(actor, verb, `resource:${key}`, details, async (connection, at, issues) => {
      if (!(await save(connection, at))) return false;
      const placed = await placeResources(connection, this.#organisation.shard, new Set(), new Set([key]));
      await addIssuesTouching(
        connection,
        this.#organisation,
        new Set(placed.keys),
        issues,
        placed.leftServices,
      );
      return true;
    });
  }

  /** Stores a change with its audit row and what follows from it; false where nothing changed. */
  #change(
    actor: string,
    verb: string,
    subject: string,
    details: Readonly<Record<string, unknown>>,
    save: (connection: Connection, at: Instant, issues: IssueIds) => Promise<boolean>,
  ): Promise<boolean> {
    const { id, shard } = this.#organisation;
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      await lockOrganisation(connection, id);
      const issues = new IssueIds();
      if (!(await save(connection, now, issues))) return false;
      recordEvent(connection, shard, { at: now, actor, verb, subject, details });
      await rollUpIssues(connection, this.#organisation, now, issues);
      await refreshPaths(connection, this.#organisation, now);
      return true;
    });
  }
}
