import { lookup as resolve } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';

/** Ranges that reach other addresses and that the library takes for the internet. */
const TRANSLATED = ['64:ff9b:1::/48', '100::/64', '2001:db8::/32'].map((range) => ipaddr.parseCIDR(range));

/** Where clouds hand out credentials; AWS's over IPv6 and Alibaba's are no link-local ones. */
const METADATA = new Set(['fd00:ec2::254', '100.100.100.200']);

/** True for what nobody means who watches a place or has something sent: a cloud's metadata, and all else that is link-local. */
function isMetadata(address: string): boolean {
  const parsed = ipaddr.process(address);
  return parsed.range() === 'linkLocal' || METADATA.has(parsed.toString());
}

/** True for addresses of the internet: not of this machine, this network, a cloud's metadata, or one that leads there by translation. */
function isOutside(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return !TRANSLATED.some(
    ([network, bits]) => network.kind() === parsed.kind() && parsed.match(network as typeof parsed, bits),
  );
}

/**
 * The one address of a host to connect to, after all that its name means were looked at. Throws `forbidden` where one of them is
 * a cloud's metadata, or inside and that is not allowed: a name may mean another one a moment later, so only what was checked is connected to.
 */
export async function checkedAddress(
  host: string,
  allowsPrivate: boolean,
): Promise<{ readonly address: string; readonly family: number }> {
  const name = host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  let found: readonly { readonly address: string; readonly family: number }[];
  try {
    found = ipaddr.isValid(name)
      ? [{ address: name, family: ipaddr.parse(name).kind() === 'ipv6' ? 6 : 4 }]
      : await resolve(name, { all: true });
  } catch (cause) {
    throw new InboxError('feed_unreachable', `The name ${oneLine(name, 120)} is not known.`, { cause });
  }
  const [first] = found;
  if (first === undefined)
    throw new InboxError('feed_unreachable', `The name ${oneLine(name, 120)} has no address.`);
  if (found.some(({ address }) => isMetadata(address)))
    throw new InboxError(
      'forbidden',
      `${oneLine(name, 120)} is where a cloud hands out credentials, or link-local; no report comes from there.`,
    );
  if (!allowsPrivate && !found.every(({ address }) => isOutside(address)))
    throw new InboxError(
      'forbidden',
      `${oneLine(name, 120)} is an address of this machine or network. Where that is meant, say --allow-private.`,
    );
  return first;
}
