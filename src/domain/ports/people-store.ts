import type { ApiTokenKind } from '#base/api-token.ts';
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

/** The one source that a token may upload to, and the scope that its reports must name; an empty scope: any. */
export interface UploadBinding {
  readonly source: string;
  readonly scope: Readonly<Record<string, string>>;
}

/** A token as it is listed. The secret itself is shown once and kept nowhere. */
export interface TokenView {
  readonly id: string;
  readonly kind: ApiTokenKind;
  readonly name: string;
  /** The last four characters of the secret, to tell it by. */
  readonly lastFour: string;
  /** The person that it acts as. */
  readonly person: string;
  /** The most that it may do; null: what its person may do, or, with a binding, only uploading. */
  readonly role: Role | null;
  /** Not null: it uploads there, and does nothing else. */
  readonly binding: UploadBinding | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  /** To the hour; null: never used. */
  readonly lastUsedAt: Instant | null;
}

export interface NewLink {
  /** SHA-256 of the secret, as everywhere here: no secret enters the store. */
  readonly hash: Uint8Array;
  /** Whom it signs in; for the link of a first administrator the id that they will have. */
  readonly personId: string;
  /** The host, with its port, at which it can be used. */
  readonly host: string;
  readonly expiresAt: Instant;
}

/** How long a session lives. */
export interface SessionLifetime {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

export interface SessionLimits {
  readonly lifetime: Readonly<Record<Role, SessionLifetime>>;
  /** How many one person may have at a time; the oldest ones end. */
  readonly perPerson: number;
}

/** A sign-in: a link that is used up for a session. */
export interface NewSession {
  readonly linkHash: Uint8Array;
  readonly host: string;
  /** What a first administrator is called, whom the link makes. */
  readonly firstName: string;
  readonly sessionHash: Uint8Array;
  /** The session that the browser had before and that ends now. */
  readonly previousHash: Uint8Array | null;
}

export interface NewToken extends Omit<TokenView, 'person' | 'createdAt' | 'lastUsedAt'> {
  readonly hash: Uint8Array;
  readonly personId: string;
}

/** Whom a token acts as, and the most that it may do. */
export interface TokenHolder extends Pick<TokenView, 'role' | 'binding'> {
  readonly person: Person;
}

/** Who may come in, and by what: people, sign-in links, sessions and API tokens. Each change leaves an audit row. */
export interface PeopleStore {
  /** Those who were not removed, by the bytes of their names. */
  list(): Promise<readonly Person[]>;
  /** Null when nobody of that name is there. */
  byName(name: string): Promise<Person | null>;
  /** Null when nobody may administer. */
  oldestAdministrator(): Promise<Person | null>;
  /** Whom the newest first link that is valid would make; null where there is none. */
  idOfFirstLink(): Promise<string | null>;
  /** Null when somebody of that name is there already. */
  add(
    person: { readonly id: string; readonly name: string; readonly role: Role },
    actor: string,
  ): Promise<Person | null>;
  /** Ends their links, sessions and tokens too. False when nobody of that name is there. */
  remove(name: string, actor: string): Promise<boolean>;

  /** False when the person is not there any more. */
  addLink(link: NewLink, actor: string): Promise<boolean>;
  /** A link whose person is made when it is used, as the first administrator. */
  addFirstLink(link: NewLink, actor: string): Promise<void>;
  /**
   * Uses a link up and opens a session in its place. Null when there is no such link for this host, it was used,
   * it is too old, its person was removed, or it is that of a first administrator and there is one by now. Of any
   * number of callers at the same time one gets a session, and of any number of first administrators one is made.
   */
  openSession(session: NewSession, limits: SessionLimits): Promise<Person | null>;
  /**
   * Whose session it is, and postpones its end. Null when there is none, or none any more: a session also ends when
   * its person's role changes.
   */
  personOfSession(hash: Uint8Array, limits: SessionLimits): Promise<Person | null>;
  /** False when there is no such session. */
  closeSession(hash: Uint8Array): Promise<boolean>;

  /** False when the person is not there any more. */
  addToken(token: NewToken, actor: string): Promise<boolean>;
  /** Those that were not revoked, newest first. */
  listTokens(): Promise<readonly TokenView[]>;
  /** False when there is no such token, or it was revoked before. */
  revokeToken(id: string, actor: string): Promise<boolean>;
  /** Whom the token acts as, and notes that it was used. Null when there is none, or none any more. */
  holderOfToken(hash: Uint8Array): Promise<TokenHolder | null>;
}
