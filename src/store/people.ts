import { randomBytes } from 'node:crypto';
import { base32Hex } from '#base/digest.ts';
import { HOUR_MS, type Instant, MINUTE_MS } from '#base/instant.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { NewLink, NewToken, PeopleStore, Person, Role, SessionLifetime, TokenView } from '#domain/ports/people-store.ts';
import { type Connection, inTransaction, type Pool, type Queryable } from './database.ts';
import { recordEvent } from './events.ts';
import type { Organisation } from './organisation.ts';

/** A session's end is moved, and a token's use noted, only once it differs by this much: a request should not cost a write. */
const SESSION_STEP_MS = 5 * MINUTE_MS;
const TOKEN_STEP_MS = HOUR_MS;

const PERSON = 'person.id, person.name, person.role, person.created_at';

interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly created_at: Instant;
}

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly person: string;
  readonly created_at: Instant;
  readonly expires_at: Instant | null;
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

  async anyAdministrator(actor: string): Promise<Person> {
    const oldest = () =>
      this.#pool.query<PersonRow>(
        `select ${PERSON} from person
         where organisation = $1 and role = 'administer' and removed_at is null order by created_at, id limit 1`,
        [this.#organisation.id],
      );
    const found = firstPerson((await oldest()).rows);
    if (found !== null) return found;
    const made = await this.add({ id: base32Hex(randomBytes(10)), name: 'admin', role: 'administer' }, actor);
    if (made !== null) return made;
    const made­Elsewhere = firstPerson((await oldest()).rows);
    if (made­Elsewhere !== null) return made­Elsewhere;
    throw new Error('unreachable');
  }
}
