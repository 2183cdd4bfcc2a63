import { apiTokenKind } from '#base/api-token.ts';
import type { Person, TokenHolder } from '#domain/ports/people-store.ts';
import { type Actor, type AppContext, isRoleWithin } from './context.ts';
import { hashSecret } from './hash-secret.ts';
import { SESSION_LIMITS } from './session-lifetime.ts';

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
  if (kind === 'token' && apiTokenKind(secret) === null) return null;
  const hash = hashSecret(secret);
  if (kind === 'token') {
    const holder = await people.holderOfToken(hash);
    return holder === null ? null : actorOfToken(holder);
  }
  const person = await people.personOfSession(hash, SESSION_LIMITS);
  return person === null ? null : actorOf(person);
}

function actorOf({ name, role }: Person): Actor {
  return { name, role };
}

/** A token never does more than its person: it lost what they lost. Who may not triage any more uploads nothing either. */
function actorOfToken({ person, role, binding }: TokenHolder): Actor | null {
  const { name } = person;
  if (binding !== null)
    return isRoleWithin('triage', person.role) ? { name, role: 'ingest', upload: binding } : null;
  return { name, role: role !== null && isRoleWithin(role, person.role) ? role : person.role };
}
