import type { Instant } from '#base/instant.ts';

/** What a person may do: look; decide about issues and import; change people, feeds and sources. Each includes the ones before. */
export type Role = 'read' | 'triage' | 'administer';

export interface Person {
  readonly id: string;
  /** What they are called in lists, links and the audit trail; unique among people who were not removed. */
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Instant;
}

/** A token as it is listed. The secret itself is shown once and kept nowhere. */
export interface TokenView {
  readonly id: string;
  readonly name: string;
  /** The person that it acts as. */
  readonly person: string;
  readonly createdAt: Instant;
  /** Null: it does not expire. */
  readonly expiresAt: Instant | null;
  /** To the hour; null: never used. */
  readonly lastUsedAt: Instant | null;
}

export interface NewLink {
  /** SHA-256 of the secret, as everywhere here: no secret enters the store. */
  readonly hash: Uint8Array;
  readonly personId: string;
  readonly expiresAt: Instant;
}

/** How long a session lives. */
export interface SessionLifetime {
  readonly idleMs: number;
  readonly absoluteMs: number;
  /** How many one person may have at a time; the oldest ones end. */
  readonly perPerson: number;
}

export interface NewToken {
  readonly hash: Uint8Array;
  readonly id: string;
  readonly name: string;
  readonly personId: string;
  readonly expiresAt: Instant | null;
}

/** Who may come in, and by what: people, sign-in links, sessions and API tokens. Each change leaves an audit row. */
export interface PeopleStore {
  /** Those who were not removed, by the bytes of their names. */
  list(): Promise<readonly Person[]>;
  /** Null when nobody of that name is there. */
  byName(name: string): Promise<Person | null>;
  /** Null when nobody may administer. */
  oldestAdministrator(): Promise<Person | null>;
  /** Null when somebody of that name is there already. */
  add(
    person: { readonly id: string; readonly name: string; readonly role: Role },
    actor: string,
  ): Promise<Person | null>;
  /** Ends their links, sessions and tokens too. False when nobody of that name is there. */
  remove(name: string, actor: string): Promise<boolean>;

  /** False when the person is not there any more. */
  addLink(link: NewLink, actor: string): Promise<boolean>;
  /**
   * Uses a link up and opens a session in its place. Null when there is no such link, it was used, it
   * is too old or its person was removed. Of any number of callers at the same time one gets a session.
   */
  openSession(
    linkHash: Uint8Array,
    sessionHash: Uint8Array,
    lifetime: SessionLifetime,
  ): Promise<Person | null>;
  /** Whose session it is, and postpones its end. Null when there is none, or none any more. */
  personOfSession(hash: Uint8Array, lifetime: SessionLifetime): Promise<Person | null>;
  /** False when there is no such session. */
  closeSession(hash: Uint8Array): Promise<boolean>;

  /** False when the person is not there any more. */
  addToken(token: NewToken, actor: string): Promise<boolean>;
  /** Those that were not revoked, newest first. */
  listTokens(): Promise<readonly TokenView[]>;
  /** False when there is no such token, or it was revoked before. */
  revokeToken(id: string, actor: string): Promise<boolean>;
  /** Whom the token acts as, and notes that it was used. Null when there is none, or none any more. */
  personOfToken(hash: Uint8Array): Promise<Person | null>;
}
