import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import {
  DIGEST_MINUTES_MAX,
  type NewReceiver,
  RECEIVER_NAME,
  type Receiver,
} from '#domain/delivery/receiver.ts';
import { type AppContext, permit } from './context.ts';
import { sealSecret } from './seal-secret.ts';

const RECEIVERS_MAX = 100;
const SECRET_MAX = 4_000;
const SECRET_MIN_OF_WEBHOOK = 16;
const REPOSITORY = /^[\w.-]{1,100}\/[\w.-]{1,100}$/;
const PROJECT_KEY = /^[A-Z][A-Z0-9_]{0,49}$/;

/** The places outside to which we deliver; their secrets are never told. */
export function listReceivers(ctx: AppContext): Promise<readonly Receiver[]> {
  permit(ctx, 'read');
  return ctx.receivers.list();
}

/**
 * Adds a tracker or a webhook, or puts another one in its place. The secret is a token of the tracker, or what messages
 * are signed with. Throws `usage` for an address that cannot be, and for one without encryption outside this network.
 */
export async function putReceiver(
  ctx: AppContext,
  { receiver, secret }: { readonly receiver: NewReceiver; readonly secret: string },
): Promise<void> {
  permit(ctx, 'administer');
  checkReceiver(receiver);
  const least = receiver.kind === 'webhook' ? SECRET_MIN_OF_WEBHOOK : 1;
  if (secret.length < least || secret.length > SECRET_MAX || /[^\x21-\x7e]/.test(secret))
    throw new InboxError(
      'usage',
      `The secret of a receiver is ${least} to ${SECRET_MAX} characters of ASCII without spaces.`,
    );
  const known = await ctx.receivers.list();
  if (known.length >= RECEIVERS_MAX && known.every(({ name }) => name !== receiver.name))
    throw new InboxError('usage', `There are ${RECEIVERS_MAX} receivers; take one away first.`);
  await ctx.receivers.put(
    receiver,
    sealSecret(ctx.secretKey, receiver, secret),
    ctx.actor.name,
    ctx.clock.now(),
  );
}

/** Takes a receiver away with its secret; what rules want delivered to it waits until there is one of that name. Throws `not_found`. */
export async function removeReceiver(ctx: AppContext, { name }: { readonly name: string }): Promise<void> {
  permit(ctx, 'administer');
  if (!(await ctx.receivers.remove(name, ctx.actor.name, ctx.clock.now())))
    throw new InboxError('not_found', `There is no receiver ${oneLine(name, 64)}.`);
}

function checkReceiver(receiver: NewReceiver): void {
  const { name, kind, project, ticketType, account, wantsEvents, leastSeverity, digestMinutes } = receiver;
  if (!RECEIVER_NAME.test(name))
    throw new InboxError(
      'usage',
      `"${oneLine(name, 80)}" is no name: small letters, digits and dashes were expected, 64 at most, such as platform-issues.`,
    );
  checkAddress(receiver);
  if (kind === 'github' && !REPOSITORY.test(project ?? ''))
    throw new InboxError('usage', 'Of GitHub the project is owner/repository.');
  if (kind === 'jira' && !PROJECT_KEY.test(project ?? ''))
    throw new InboxError('usage', 'Of Jira the project is its key in capitals, such as SEC.');
  if (kind === 'webhook' && project !== null)
    throw new InboxError('usage', 'A webhook has no project: its address says everything.');
  if (kind !== 'jira' && (ticketType !== null || account !== null))
    throw new InboxError('usage', 'Only Jira has types of tickets, and an account beside the token.');
  if (kind !== 'webhook' && wantsEvents)
    throw new InboxError('usage', 'Only a webhook gets what happens to issues.');
  if (!wantsEvents && (leastSeverity !== null || digestMinutes !== null))
    throw new InboxError(
      'usage',
      'A least severity and a digest are of what happens to issues, and this one does not get that.',
    );
  if (
    digestMinutes !== null &&
    !(Number.isInteger(digestMinutes) && digestMinutes >= 1 && digestMinutes <= DIGEST_MINUTES_MAX)
  )
    throw new InboxError('usage', `A digest is of 1 to ${DIGEST_MINUTES_MAX} minutes.`);
  for (const text of [ticketType, account])
    if (text !== null && (text === '' || text.length > 200 || oneLine(text, 200) !== text))
      throw new InboxError('usage', 'A type of tickets and an account are one line of 200 characters.');
}

function checkAddress({ address, allowsPrivate }: NewReceiver): void {
  const url = address.length <= 2_000 && URL.canParse(address) ? new URL(address) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new InboxError('usage', 'The address of a receiver begins with https://.');
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw new InboxError(
      'usage',
      'An address holds no name, no password and no fragment: it is shown to whoever may read.',
    );
  if (url.protocol === 'http:' && !allowsPrivate)
    throw new InboxError(
      'usage',
      'Over http:// the secret can be read on its way. Use https://, or say that the receiver is in this network.',
    );
}
