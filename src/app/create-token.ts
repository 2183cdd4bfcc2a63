import { randomBytes } from 'node:crypto';
import { API_TOKEN_BYTES, type ApiTokenKind, apiTokenOf } from '#base/api-token.ts';
import { InboxError } from '#base/inbox-error.ts';
import { DAY_MS } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { Person, Role, TokenView, UploadBinding } from '#domain/ports/people-store.ts';
import { type AppContext, isRoleWithin, permit } from './context.ts';
import { hashSecret } from './hash-secret.ts';
import { newId } from './new-id.ts';
import { normalName } from './normal-name.ts';
import { personNamed } from './person-named.ts';

const DAYS_MAX = 366;
const NAME_MAX = 100;
const SHOWN_CHARACTERS = 4;

/** After how many days a token expires unless told otherwise, and the most (reliability §6.3). */
export const TOKEN_DAYS = {
  max: DAYS_MAX,
  default: { pat: 90, ing: 365, svc: 90, mcp: 90 },
} as const satisfies { readonly max: number; readonly default: Readonly<Record<ApiTokenKind, number>> };

export interface TokenRequest {
  readonly kind: ApiTokenKind;
  /** What it is for, as lists show it. */
  readonly name: string;
  /** Whom it acts as; null: the oldest administrator. */
  readonly person: string | null;
  /** After how many days it expires, 1 to 366; null: the default of its kind. */
  readonly days: number | null;
  /** The most that it may do; null: what its person may do, for `svc` and `mcp` only reading. None for `ing`, which cannot read. */
  readonly role: Role | null;
  /** What an `ing` token may upload to; null for all others. */
  readonly binding: UploadBinding | null;
}

/** The secret is shown this once. */
export interface CreatedToken extends TokenView {
  readonly secret: string;
}

/**
 * Makes an API token. Throws `usage` for a request that makes no sense, `not_found` for a person who is not there
 * and `conflict` for a role that its person does not have.
 */
export async function createToken(ctx: AppContext, request: TokenRequest): Promise<CreatedToken> {
  permit(ctx, 'administer');
  const { kind } = request;
  const name = oneLine(request.name, NAME_MAX);
  if (name === '')
    throw new InboxError('usage', 'A token needs a name that says what it is for, such as "ci".');
  const days = request.days ?? TOKEN_DAYS.default[kind];
  if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX) {
    throw new InboxError(
      'usage',
      `A token lives 1 to ${DAYS_MAX} whole days; ${request.days} is not among them.`,
    );
  }
  const binding = bindingOf(request);
  const person = await personNamed(ctx, request.person);
  const role = roleOf(request, person);
  const secret = apiTokenOf(kind, randomBytes(API_TOKEN_BYTES));
  const createdAt = ctx.clock.now();
  const token = {
    id: newId(),
    kind,
    name,
    lastFour: secret.slice(-SHOWN_CHARACTERS),
    role,
    binding,
    createdAt,
    expiresAt: createdAt + days * DAY_MS,
  };
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

function bindingOf({ kind, binding, role }: TokenRequest): UploadBinding | null {
  if (kind !== 'ing') {
    if (binding !== null)
      throw new InboxError('usage', 'Only a token of kind "ing" is bound to a source and a scope.');
    return null;
  }
  if (role !== null) throw new InboxError('usage', 'A token of kind "ing" only uploads; it takes no role.');
  if (binding === null)
    throw new InboxError(
      'usage',
      'A token of kind "ing" needs the source that it uploads to: whoever holds it cannot touch the findings of another one.',
    );
  return { source: normalName(binding.source), scope: binding.scope };
}

function roleOf({ kind, role }: TokenRequest, person: Person): Role | null {
  if (kind === 'ing') {
    if (isRoleWithin('triage', person.role)) return null;
    throw new InboxError(
      'conflict',
      `${person.name} has the role "${person.role}" and may not import, so no token of theirs may. Name somebody who may triage.`,
    );
  }
  if (role === null) return kind === 'pat' ? null : 'read';
  if (isRoleWithin(role, person.role)) return role;
  throw new InboxError(
    'conflict',
    `${person.name} has the role "${person.role}"; a token of theirs cannot have "${role}".`,
  );
}
