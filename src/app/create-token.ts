import { randomBytes } from 'node:crypto';
import { API_TOKEN_BYTES, apiTokenOf } from '#base/api-token.ts';
import { InboxError } from '#base/inbox-error.ts';
import { DAY_MS } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { TokenView } from '#domain/ports/people-store.ts';
import { type AppContext, permit } from './context.ts';
import { hashSecret } from './hash-secret.ts';
import { newId } from './new-id.ts';
import { personNamed } from './person-named.ts';

export const TOKEN_DAYS = { default: 90, max: 366 } as const;
const NAME_MAX = 100;

export interface TokenRequest {
  /** What it is for, as lists show it. */
  readonly name: string;
  /** Whom it acts as; null: the oldest administrator. */
  readonly person: string | null;
  /** After how many days it expires, 1 to 366. */
  readonly days: number;
}

/** The secret is shown this once. */
export interface CreatedToken extends TokenView {
  readonly secret: string;
}

/** Makes an API token. Throws `usage` for a name or a number of days that is none, `not_found` for a person who is not there. */
export async function createToken(ctx: AppContext, request: TokenRequest): Promise<CreatedToken> {
  permit(ctx, 'administer');
  const name = oneLine(request.name, NAME_MAX);
  if (name === '')
    throw new InboxError('usage', 'A token needs a name that says what it is for, such as "ci".');
  if (!Number.isInteger(request.days) || request.days < 1 || request.days > TOKEN_DAYS.max) {
    throw new InboxError(
      'usage',
      `A token lives 1 to ${TOKEN_DAYS.max} whole days; ${request.days} is not among them.`,
    );
  }
  const person = await personNamed(ctx, request.person);
  const secret = apiTokenOf(randomBytes(API_TOKEN_BYTES));
  const createdAt = ctx.clock.now();
  const token = { id: newId(), name, createdAt, expiresAt: createdAt + request.days * DAY_MS };
  if (
    !(await ctx.people.addToken({ ...token, hash: hashSecret(secret), personId: person.id }, ctx.actor.name))
  ) {
    throw new InboxError(
      'conflict',
      `${person.name} was removed just now. List the people and choose another one.`,
    );
  }
  return { ...token, person: person.name, lastUsedAt: null, secret };
}
