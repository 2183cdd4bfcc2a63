import { randomBytes } from 'node:crypto';
import { InboxError } from '#base/inbox-error.ts';
import { actorOf } from './authenticate.ts';
import type { Actor, AppContext } from './context.ts';
import { hashSecret } from './hash-secret.ts';
import { SESSION_LIFETIME } from './session-lifetime.ts';

export interface OpenedSession {
  /** What the door hands to the browser and takes back with each request. */
  readonly secret: string;
  readonly actor: Actor;
}

/**
 * Turns the secret of a sign-in link into a session; the link then is used up. Nobody is signed in
 * yet, so nothing is permitted first. Throws `unauthenticated`, with one sentence for all reasons: a
 * guess learns nothing from it.
 */
export async function openSession(
  { people }: Pick<AppContext, 'people'>,
  { link }: { readonly link: string },
): Promise<OpenedSession> {
  const secret = randomBytes(32).toString('base64url');
  const person = await people.openSession(hashSecret(link), hashSecret(secret), SESSION_LIFETIME);
  if (person === null) {
    throw new InboxError(
      'unauthenticated',
      'This sign-in link is not valid any more: it works once, within 15 minutes. Print a fresh one with "sign-in".',
    );
  }
  return { secret, actor: actorOf(person) };
}
