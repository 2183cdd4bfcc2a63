import { randomBytes } from 'node:crypto';
import { InboxError } from '#base/inbox-error.ts';
import { type Instant, MINUTE_MS } from '#base/instant.ts';
import type { NewLink, Person } from '#domain/ports/people-store.ts';
import { type AppContext, permit } from './context.ts';
import { hashSecret } from './hash-secret.ts';
import { newId } from './new-id.ts';
import { FIRST_ADMINISTRATOR, personNamed } from './person-named.ts';

/** How long a link can be used. */
const LINK_LIFETIME_MS = 30 * MINUTE_MS;

/** A door appends the secret to its address as a fragment, `/sign-in#<secret>`: no server or proxy ever logs that part. */
export interface SignInLink {
  readonly secret: string;
  /** What the person is called whom it signs in. */
  readonly name: string;
  /** Whether it makes that person first, as nobody is an administrator yet. */
  readonly isFirst: boolean;
  readonly expiresAt: Instant;
}

export interface SignInLinkRequest {
  readonly name: string | null;
  /** The origin of the server that the link leads to; at no other host it opens anything. */
  readonly address: string;
}

/**
 * Makes a link that signs a person in, once. Without a name: the oldest administrator. Where there is none, as in a
 * fresh installation, whoever uses it first becomes one, under the name `admin`; links of that kind are worth nothing
 * once there is one (reliability §6.4). Throws `not_found` for a name that nobody has.
 */
export async function createSignInLink(
  ctx: AppContext,
  { name, address }: SignInLinkRequest,
): Promise<SignInLink> {
  permit(ctx, 'administer');
  const person = name === null ? await ctx.people.oldestAdministrator() : await personNamed(ctx, name);
  const secret = randomBytes(32).toString('base64url');
  const expiresAt = ctx.clock.now() + LINK_LIFETIME_MS;
  const link = { hash: hashSecret(secret), host: new URL(address).host, expiresAt };
  if (person === null) await addFirst(ctx, link);
  else await addFor(ctx, person, link);
  return { secret, name: person?.name ?? FIRST_ADMINISTRATOR, isFirst: person === null, expiresAt };
}

async function addFirst({ people, actor }: AppContext, link: Omit<NewLink, 'personId'>): Promise<void> {
  if ((await people.byName(FIRST_ADMINISTRATOR)) !== null)
    throw new InboxError(
      'conflict',
      `Nobody is an administrator, and the name "${FIRST_ADMINISTRATOR}" belongs to somebody with a smaller role. Make one with "person add NAME --role administer".`,
    );
  await people.addFirstLink({ ...link, personId: newId() }, actor.name);
}

async function addFor(
  { people, actor }: AppContext,
  { id, name }: Person,
  link: Omit<NewLink, 'personId'>,
): Promise<void> {
  if (await people.addLink({ ...link, personId: id }, actor.name)) return;
  throw new InboxError('conflict', `${name} was removed just now. List the people and choose another one.`);
}
