import { networkText } from '#base/address-set.ts';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { type AppContext, permit } from './context.ts';

const LABEL_MAX = 80;
const NETWORKS_MAX = 1_000;

/**
 * Calls a range of addresses the organisation's own: who comes from there is no stranger (attack-paths §2.1). Everything
 * that is exposed is judged anew at once. Throws `usage` for a text that is no range, and for all of the internet.
 */
export async function addNetwork(
  ctx: AppContext,
  request: { readonly label: string; readonly cidr: string },
): Promise<{ readonly cidr: string; readonly label: string }> {
  permit(ctx, 'administer');
  const label = oneLine(request.label, LABEL_MAX).trim();
  if (label === '') throw new InboxError('usage', 'A network needs a label: what people call it.');
  const cidr = spelledRange(request.cidr);
  if (cidr.endsWith('/0'))
    throw new InboxError('usage', `${cidr} is everybody; only ranges of the organisation are its own.`);
  if ((await ctx.networks.list()).length >= NETWORKS_MAX)
    throw new InboxError('usage', `There are ${NETWORKS_MAX} networks already. Name wider ranges instead.`);
  await ctx.networks.add({ cidr, label }, ctx.actor.name);
  return { cidr, label };
}

/** The range is one of strangers again. Throws `not_found`. */
export async function removeNetwork(ctx: AppContext, request: { readonly cidr: string }): Promise<void> {
  permit(ctx, 'administer');
  const cidr = spelledRange(request.cidr);
  // Ranges of before are stored as they were typed.
  const spellings = new Set([cidr, request.cidr.trim().toLowerCase()]);
  for (const each of spellings) if (await ctx.networks.remove(each, ctx.actor.name)) return;
  throw new InboxError(
    'not_found',
    `${cidr} is no network of the organisation. "networks list" prints them.`,
  );
}

/** The one spelling of a range: two of them are one network. */
function spelledRange(text: string): string {
  const cidr = networkText(text.trim().toLowerCase());
  if (cidr === null)
    throw new InboxError('usage', `Expected a range like 198.18.0.0/15, found ${oneLine(text, 60)}.`);
  return cidr;
}
