import { randomBytes } from 'node:crypto';
import { InboxError } from '#base/inbox-error.ts';
import { type Instant, MINUTE_MS } from '#base/instant.ts';
import type { Person } from '#domain/ports/people-store.ts';
import { type AppContext, permit } from './context.ts';
import { hashSecret } from './hash-secret.ts';
import { personNamed } from './person-named.ts';

/** How long a link can be used. */
const LINK_LIFETIME_MS = 30 * MINUTE_MS;

/** A door appends the secret to its address as a fragment, `/sign-in#<secret>`: no server or proxy ever logs that part. */
export interface SignInLink {
  readonly secret: string;
  readonly person: Person;
  readonly expiresAt: Instant;
}

export interface SignInLinkRequest {
  readonly name: string | null;
  /** The origin of the server that the link leads to; at no other host it opens anything. */
  readonly address: string;
}

/**
 * Makes a link that signs a person in, once. Without a name: the oldest administrator, who is made under
 * the name `admin` where there is none, as in a fresh installation. Throws `not_found` for a name that nobody has.
 */
export async function createSignInLink(
  ctx: AppContext,
  { name, address }: SignInLinkRequest,
): Promise<SignInLink> {
  permit(ctx, 'administer');
  const person = await personNamed(ctx, name);
  const secret = randomBytes(32).toString('base64url');
  const expiresAt = ctx.clock.now() + LINK_LIFETIME_MS;
  if (
    !(await ctx.people.addLink(
      { hash: hashSecret(secret), personId: person.id, host: new URL(address).host, expiresAt },
      ctx.actor.name,
    ))
  ) {
    throw new InboxError(
      'conflict',
      `${person.name} was removed just now. List the people and choose another one.`,
    );
  }
  return { secret, person, expiresAt };
}
