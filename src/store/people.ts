import type { ApiTokenKind } from '#base/api-token.ts';
import { HOUR_MS, type Instant, MINUTE_MS } from '#base/instant.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type {
  NewLink,
  NewSession,
  NewToken,
  PeopleStore,
  Person,
  Role,
  SessionLifetime,
  SessionLimits,
  TokenHolder,
  TokenView,
  UploadBinding,
} from '#domain/ports/people-store.ts';
import { type Connection, inTransaction, type Pool } from './database.ts';
import { recordEvent } from './events.ts';
import type { Organisation } from './organisation.ts';

/** A session's end is moved, and a token's use noted, once they are off by this much: a request should not cost a write. */
const SESSION_STEP_MS = MINUTE_MS;
const TOKEN_STEP_MS = HOUR_MS;

const PERSON = 'person.id, person.name, person.role, person.created_at';

interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly created_at: Instant;
}

interface SessionRow extends PersonRow {
  readonly opened_at: Instant;
  readonly expires_at: Instant;
}

/** What is stored of what a token may do. */
interface TokenRights {
  readonly role: Role | null;
  readonly source: string | null;
  readonly scope: Readonly<Record<string, string>> | null;
}

interface TokenRow extends TokenRights {
  readonly id: string;
  readonly kind: ApiTokenKind;
  readonly name: string;
  readonly last_four: string;
  readonly person: string;
  readonly created_at: Instant;
  readonly expires_at: Instant;
  readonly last_used_at: Instant | null;
}

interface HolderRow extends PersonRow, Pick<TokenRights, 'source' | 'scope'> {
  readonly token_role: Role | null;
  readonly last_used_at: Instant | null;
}

/** People, sign-in links, sessions and API tokens in PostgreSQL. */
export class PostgresPeopleStore implements PeopleStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async list(): Promise<readonly Person[]> {
    const { rows } = await this.#pool.query<PersonRow>(
      `select ${PERSON} from person where organisation = $1 and removed_at is null order by name collate "C"`,
      [this.#organisation.id],
    );
    return rows.map(personOf);
  }

  async byName(name: string): Promise<Person | null> {
    const { rows } = await this.#pool.query<PersonRow>(
      `select ${PERSON} from person where organisation = $1 and name = $2 and removed_at is null`,
      [this.#organisation.id, name],
    );
    return firstPerson(rows);
  }

  async oldestAdministrator(): Promise<Person | null> {
    const { rows } = await this.#pool.query<PersonRow>(
      `select ${PERSON} from person
       where organisation = $1 and role = 'administer' and removed_at is null order by created_at, id limit 1`,
      [this.#organisation.id],
    );
    return firstPerson(rows);
  }

  async idOfFirstLink(): Promise<string | null> {
    const { rows } = await this.#pool.query<{ person_id: string }>(
      `select person_id from sign_in_link as link
       where organisation = $1 and used_at is null and expires_at > $2
         and not exists (select from person where person.organisation = link.organisation and person.id = link.person_id)
       order by expires_at desc limit 1`,
      [this.#organisation.id, this.#now()],
    );
    return rows[0]?.person_id ?? null;
  }

  add(
    { id, name, role }: { readonly id: string; readonly name: string; readonly role: Role },
    actor: string,
  ): Promise<Person | null> {
    return inTransaction(this.#pool, async (connection) => {
      // A name that was removed is free again; its row is taken over, and the trail goes on under one id.
      const { rows } = await connection.query<PersonRow>(
        `insert into person (organisation, id, name, role, created_at) values ($1, $2, $3, $4, $5)
         on conflict (organisation, name) do update
           set role = excluded.role, created_at = excluded.created_at, removed_at = null
           where person.removed_at is not null
         returning ${PERSON}`,
        [this.#organisation.id, id, name, role, this.#now()],
      );
      const person = firstPerson(rows);
      if (person !== null)
        this.#record(connection, actor, 'person-add', `person:${person.id}`, { name, role });
      return person;
    });
  }

  remove(name: string, actor: string): Promise<boolean> {
    return inTransaction(this.#pool, async (connection) => {
      const { rows } = await connection.query<{ id: string }>(
        'update person set removed_at = $3 where organisation = $1 and name = $2 and removed_at is null returning id',
        [this.#organisation.id, name, this.#now()],
      );
      const id = rows[0]?.id;
      if (id === undefined) return false;
      const whose = [this.#organisation.id, id];
      await connection.query('delete from sign_in_link where organisation = $1 and person_id = $2', whose);
      await connection.query('delete from session where organisation = $1 and person_id = $2', whose);
      await connection.query(
        'update api_token set revoked_at = $3 where organisation = $1 and person_id = $2 and revoked_at is null',
        [...whose, this.#now()],
      );
      this.#record(connection, actor, 'person-remove', `person:${id}`, { name });
      return true;
    });
  }

  addLink(link: NewLink, actor: string): Promise<boolean> {
    return inTransaction(this.#pool, async (connection) => {
      if ((await this.#holdPerson(connection, link.personId)) === null) return false;
      await this.#insertLink(connection, link, actor);
      return true;
    });
  }

  addFirstLink(link: NewLink, actor: string): Promise<void> {
    return inTransaction(this.#pool, (connection) => this.#insertLink(connection, link, actor));
  }

  async #insertLink(
    connection: Connection,
    { hash, personId, host, expiresAt }: NewLink,
    actor: string,
  ): Promise<void> {
    await connection.query('delete from sign_in_link where organisation = $1 and expires_at <= $2', [
      this.#organisation.id,
      this.#now(),
    ]);
    await connection.query(
      'insert into sign_in_link (hash, organisation, person_id, host, expires_at) values ($1, $2, $3, $4, $5)',
      [hash, this.#organisation.id, personId, host, new Date(expiresAt)],
    );
    this.#record(connection, actor, 'sign-in-link', `person:${personId}`, {});
  }

  openSession(
    { linkHash, host, firstName, sessionHash, previousHash }: NewSession,
    limits: SessionLimits,
  ): Promise<Person | null> {
    return inTransaction(this.#pool, async (connection) => {
      const now = this.#clock.now();
      // The row's lock makes the second of two callers wait, and see that the link is used.
      const used = await connection.query<{ person_id: string }>(
        `update sign_in_link set used_at = $3
         where hash = $1 and organisation = $2 and used_at is null and expires_at > $3 and host = $4 returning person_id`,
        [linkHash, this.#organisation.id, new Date(now), host],
      );
      const personId = used.rows[0]?.person_id;
      if (personId === undefined) return null;
      const person =
        (await this.#holdPerson(connection, personId)) ??
        (await this.#makeFirst(connection, personId, firstName));
      if (person === null) return null;
      if (previousHash !== null)
        await connection.query('delete from session where hash = $1 and organisation = $2', [
          previousHash,
          this.#organisation.id,
        ]);
      await connection.query(
        'insert into session (hash, organisation, person_id, role, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)',
        [
          sessionHash,
          this.#organisation.id,
          person.id,
          person.role,
          new Date(now),
          new Date(sessionEnd(now, now, limits.lifetime[person.role])),
        ],
      );
      await this.#endSurplusSessions(connection, person.id, limits.perPerson);
      this.#record(connection, person.name, 'sign-in', `person:${person.id}`, {});
      return person;
    });
  }

  async personOfSession(hash: Uint8Array, limits: SessionLimits): Promise<Person | null> {
    const now = this.#clock.now();
    const { rows } = await this.#pool.query<SessionRow>(
      `select ${PERSON}, session.created_at as opened_at, session.expires_at
       from session join person on person.organisation = session.organisation and person.id = session.person_id
       where session.hash = $1 and session.organisation = $2 and session.expires_at > $3
         and session.role = person.role and person.removed_at is null`,
      [hash, this.#organisation.id, new Date(now)],
    );
    const row = rows[0];
    if (row === undefined) return null;
    const end = sessionEnd(now, row.opened_at, limits.lifetime[row.role]);
    if (end - row.expires_at >= SESSION_STEP_MS) {
      await this.#pool.query('update session set expires_at = $3 where hash = $1 and organisation = $2', [
        hash,
        this.#organisation.id,
        new Date(end),
      ]);
    }
    return personOf(row);
  }

  closeSession(hash: Uint8Array): Promise<boolean> {
    return inTransaction(this.#pool, async (connection) => {
      const { rows } = await connection.query<{ id: string; name: string }>(
        `delete from session using person
         where session.hash = $1 and session.organisation = $2
           and person.organisation = session.organisation and person.id = session.person_id
         returning person.id, person.name`,
        [hash, this.#organisation.id],
      );
      const person = rows[0];
      if (person !== undefined) this.#record(connection, person.name, 'sign-out', `person:${person.id}`, {});
      return person !== undefined;
    });
  }

  addToken(token: NewToken, actor: string): Promise<boolean> {
    const { hash, id, kind, name, lastFour, role, binding, personId, expiresAt } = token;
    return inTransaction(this.#pool, async (connection) => {
      if ((await this.#holdPerson(connection, personId)) === null) return false;
      await connection.query(
        `insert into api_token
           (hash, organisation, person_id, id, kind, name, last_four, role, source, scope, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          hash,
          this.#organisation.id,
          personId,
          id,
          kind,
          name,
          lastFour,
          role,
          binding?.source ?? null,
          binding === null ? null : JSON.stringify(binding.scope),
          this.#now(),
          new Date(expiresAt),
        ],
      );
      this.#record(connection, actor, 'token-create', `token:${id}`, {
        kind,
        name,
        person: personId,
        role,
        binding,
        expiresAt,
      });
      return true;
    });
  }

  async listTokens(): Promise<readonly TokenView[]> {
    const { rows } = await this.#pool.query<TokenRow>(
      `select api_token.id, api_token.kind, api_token.name, api_token.last_four, person.name as person, api_token.role,
              api_token.source, api_token.scope, api_token.created_at, api_token.expires_at, api_token.last_used_at
       from api_token join person on person.organisation = api_token.organisation and person.id = api_token.person_id
       where api_token.organisation = $1 and api_token.revoked_at is null
       order by api_token.created_at desc, api_token.id`,
      [this.#organisation.id],
    );
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      name: row.name,
      lastFour: row.last_four,
      person: row.person,
      role: row.role,
      binding: bindingOf(row),
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
    }));
  }

  revokeToken(id: string, actor: string): Promise<boolean> {
    return inTransaction(this.#pool, async (connection) => {
      const { rows } = await connection.query<{ name: string }>(
        'update api_token set revoked_at = $3 where organisation = $1 and id = $2 and revoked_at is null returning name',
        [this.#organisation.id, id, this.#now()],
      );
      const token = rows[0];
      if (token !== undefined)
        this.#record(connection, actor, 'token-revoke', `token:${id}`, { name: token.name });
      return token !== undefined;
    });
  }

  async holderOfToken(hash: Uint8Array): Promise<TokenHolder | null> {
    const now = this.#clock.now();
    const { rows } = await this.#pool.query<HolderRow>(
      `select ${PERSON}, api_token.role as token_role, api_token.source, api_token.scope, api_token.last_used_at
       from api_token join person on person.organisation = api_token.organisation and person.id = api_token.person_id
       where api_token.hash = $1 and api_token.organisation = $2 and api_token.revoked_at is null
         and api_token.expires_at > $3 and person.removed_at is null`,
      [hash, this.#organisation.id, new Date(now)],
    );
    const row = rows[0];
    if (row === undefined) return null;
    if (row.last_used_at === null || now - row.last_used_at >= TOKEN_STEP_MS) {
      await this.#pool.query('update api_token set last_used_at = $3 where hash = $1 and organisation = $2', [
        hash,
        this.#organisation.id,
        new Date(now),
      ]);
    }
    return { person: personOf(row), role: row.token_role, binding: bindingOf(row) };
  }

  /** The first administrator, made by their link; null when somebody is one, was made by it before, or has the name. */
  async #makeFirst(connection: Connection, id: string, name: string): Promise<Person | null> {
    // Of many first links that are used at once, the others wait for the name, and see that it is taken.
    const { rows } = await connection.query<PersonRow>(
      `insert into person (organisation, id, name, role, created_at)
       select $1, $2, $3, 'administer', $4
       where not exists (select from person where organisation = $1 and (id = $2 or role = 'administer' and removed_at is null))
       on conflict (organisation, name) do update
         set role = excluded.role, created_at = excluded.created_at, removed_at = null
         where person.removed_at is not null
       returning ${PERSON}`,
      [this.#organisation.id, id, name, this.#now()],
    );
    const person = firstPerson(rows);
    if (person !== null)
      this.#record(connection, name, 'person-add', `person:${person.id}`, {
        name,
        role: person.role,
        by: 'sign-in-link',
      });
    return person;
  }

  /** Keeps the person from being removed until the transaction ends; null when that has happened. */
  async #holdPerson(connection: Connection, id: string): Promise<Person | null> {
    const { rows } = await connection.query<PersonRow>(
      `select ${PERSON} from person where organisation = $1 and id = $2 and removed_at is null for share`,
      [this.#organisation.id, id],
    );
    return firstPerson(rows);
  }

  async #endSurplusSessions(connection: Connection, personId: string, kept: number): Promise<void> {
    await connection.query('delete from session where organisation = $1 and expires_at <= $2', [
      this.#organisation.id,
      this.#now(),
    ]);
    await connection.query(
      `delete from session where hash in (
         select hash from session where organisation = $1 and person_id = $2 order by created_at desc, hash offset $3)`,
      [this.#organisation.id, personId, kept],
    );
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }

  #record(
    connection: Connection,
    actor: string,
    verb: string,
    subject: string,
    details: Readonly<Record<string, unknown>>,
  ): void {
    recordEvent(connection, this.#organisation.shard, {
      at: this.#clock.now(),
      actor,
      verb,
      subject,
      details,
    });
  }
}

/** Idleness ends a session, and so does its age. */
function sessionEnd(now: Instant, openedAt: Instant, { idleMs, absoluteMs }: SessionLifetime): Instant {
  return Math.min(now + idleMs, openedAt + absoluteMs);
}

function bindingOf({ source, scope }: Pick<TokenRights, 'source' | 'scope'>): UploadBinding | null {
  return source === null ? null : { source, scope: scope ?? {} };
}

function firstPerson(rows: readonly PersonRow[]): Person | null {
  return rows[0] === undefined ? null : personOf(rows[0]);
}

function personOf({ id, name, role, created_at }: PersonRow): Person {
  return { id, name, role, createdAt: created_at };
}
