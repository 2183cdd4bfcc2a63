import {
  type AddressSet,
  ALL_V4,
  countV4,
  countV6,
  coversAddresses,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import CLOUDFLARE from './data/cloudflare-ranges.json' with { type: 'json' };

/** Who can reach a thing (attack-paths §2.1), widest first. */
const AUDIENCES = [
  'internet',
  'internet-wide',
  'any-aws-account',
  'any-azure',
  'any-google-account',
  'cdn-only',
  'partner',
  'org',
  'corp',
  'none',
] as const;
export type Audience = (typeof AUDIENCES)[number];

/** Audiences that make a thing publicly accessible. */
const PUBLIC: ReadonlySet<Audience> = new Set([
  'internet',
  'internet-wide',
  'any-aws-account',
  'any-azure',
  'any-google-account',
]);

/** Whether an audience makes a thing publicly accessible. */
export function isPublic(audience: Audience): boolean {
  return PUBLIC.has(audience);
}

/** The wider of the two. */
export function widerAudience(a: Audience, b: Audience): Audience {
  return AUDIENCES.indexOf(a) <= AUDIENCES.indexOf(b) ? a : b;
}

/** The narrower of the two. */
export function narrowerAudience(a: Audience, b: Audience): Audience {
  return AUDIENCES.indexOf(a) >= AUDIENCES.indexOf(b) ? a : b;
}

function addresses(...texts: readonly string[]): AddressSet {
  return unionAddresses(...texts.map((text) => parseAddresses(text) as AddressSet));
}

/** Ranges of IPv4 in which nobody on the internet has an address. */
const RESERVED_V4 = addresses(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
);

/** Every address from which somebody on the internet may come. */
export const INTERNET_V4: AddressSet = subtractAddresses(ALL_V4, RESERVED_V4);
export const INTERNET_V6: AddressSet = subtractAddresses(addresses('2000::/3'), addresses('2001:db8::/32'));
export const INTERNET: AddressSet = unionAddresses(INTERNET_V4, INTERNET_V6);

/** Broader than a /8 of IPv4 or a /32 of IPv6 in total is no circle of named partners. */
const WIDE_V4 = 2 ** 24;
const WIDE_V6 = 1n << 96n;

/** Cloudflare's published ranges. They hold more addresses than a circle of partners, and are one content delivery network. */
const CLOUDFLARE_RANGES = addresses(...CLOUDFLARE.ranges);

/** True where every sender on the internet is Cloudflare, and somebody is. */
export function isCloudflare(sources: AddressSet): boolean {
  const onInternet = intersectAddresses(sources, INTERNET);
  return hasAddresses(onInternet) && coversAddresses(CLOUDFLARE_RANGES, onInternet);
}

/** The audience of a set of source addresses. Those in `corporate` are the organisation's own and no strangers. */
export function audienceOfSources(sources: AddressSet, corporate: AddressSet = NO_ADDRESSES): Audience {
  const strangers = (set: AddressSet): AddressSet =>
    hasAddresses(corporate) ? subtractAddresses(set, corporate) : set;
  const onInternet = strangers(intersectAddresses(sources, INTERNET));
  if (!hasAddresses(onInternet)) return hasAddresses(sources) ? 'corp' : 'none';
  if (
    coversAddresses(onInternet, strangers(INTERNET_V4)) ||
    coversAddresses(onInternet, strangers(INTERNET_V6))
  )
    return 'internet';
  const others = subtractAddresses(onInternet, CLOUDFLARE_RANGES);
  if (!hasAddresses(others)) return 'cdn-only';
  return countV4(others) > WIDE_V4 || countV6(others) > WIDE_V6 ? 'internet-wide' : 'partner';
}

/** The share of the internet's addresses that a set holds: `43 % of IPv4`, of IPv6 where it holds none of IPv4. */
export function shareOfInternet(sources: AddressSet): string {
  const held = countV4(intersectAddresses(sources, INTERNET_V4));
  return held > 0
    ? `${percent((held * 10_000) / countV4(INTERNET_V4))} of IPv4`
    : `${percent(Number((countV6(intersectAddresses(sources, INTERNET_V6)) * 10_000n) / countV6(INTERNET_V6)))} of IPv6`;
}

function percent(hundredths: number): string {
  const share = Math.floor(hundredths) / 100;
  return `${share >= 10 ? Math.round(share) : share} %`;
}

/** True for an address that the internet can route to. */
export function isInternetAddress(text: string): boolean {
  const address = parseAddresses(text);
  return address !== null && hasAddresses(intersectAddresses(address, INTERNET));
}
