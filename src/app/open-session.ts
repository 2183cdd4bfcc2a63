import { randomBytes } from 'node:crypto';
import { InboxError } from '#base/inbox-error.ts';
import type { Person } from '#domain/ports/people-store.ts';
import type { AppContext } from './context.ts';
import { hashSecret } from './hash-secret.ts';
import { FIRST_ADMINISTRATOR } from './person-named.ts';
import { SESSION_LIMITS } from './session-lifetime.ts';

export interface SignIn {
  /** The secret of a sign-in link. */
  readonly link: string;
  /** The host, with its port, at which the link was opened. */
  readonly host: string;
  /** The secret of the session that the browser had, which ends; null for none. */
  readonly previous: string | null;
}

export interface OpenedSession {
  /** What the door hands to the browser and takes back with each request. */
  readonly secret: string;
  /** After how many milliseconds it ends in any case. */
  readonly lifetimeMs: number;
  readonly person: Person;
}

/**
 * Turns the secret of a sign-in link into a session; the link then is used up. Nobody is signed in
 * yet, so nothing is permitted first. Throws `unauthenticated`, with one sentence for all reasons: a
 * guess learns nothing from it.
 */
export async function openSession(
  { people }: Pick<AppContext, 'people'>,
  { link, host, previous }: SignIn,
): Promise<OpenedSession> {
  const secret = randomBytes(32).toString('base64url');
  const person = await people.openSession(
    {
      linkHash: hashSecret(link),
      host: host.toLowerCase(),
      firstName: FIRST_ADMINISTRATOR,
      sessionHash: hashSecret(secret),
      previousHash: previous === null ? null : hashSecret(previous),
    },
    SESSION_LIMITS,
  );
  if (person === null) {
    throw new InboxError(
      'unauthenticated',
      'This sign-in link is not valid any more: it works once, within 30 minutes, at the address that it was printed with. Print a fresh one with "sign-in".',
    );
  }
  return { secret, lifetimeMs: SESSION_LIMITS.lifetime[person.role].absoluteMs, person };
}
