import { isApiToken } from '#base/api-token.ts';
import type { Person } from '#domain/ports/people-store.ts';
import type { Actor, AppContext } from './context.ts';
import { hashSecret } from './hash-secret.ts';
import { SESSION_LIFETIME } from './session-lifetime.ts';

/** What a request shows: the cookie of a session, or an API token. */
export interface Credential {
  readonly kind: 'session' | 'token';
  readonly secret: string;
}

/** Who it is; null when the credential is not valid, or not any more. It comes before every verb, so it permits nothing itself. */
export async function authenticate(
  { people }: Pick<AppContext, 'people'>,
  { kind, secret }: Credential,
): Promise<Actor | null> {
  // The checksum spares the database the guesses.
  if (kind === 'token' && !isApiToken(secret)) return null;
  const hash = hashSecret(secret);
  const person =
    kind === 'token'
      ? await people.personOfToken(hash)
      : await people.personOfSession(hash, SESSION_LIFETIME);
  return person === null ? null : actorOf(person);
}

export function actorOf({ name, role }: Person): Actor {
  return { name, role };
}
