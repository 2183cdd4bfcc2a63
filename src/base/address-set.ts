import ipaddr from 'ipaddr.js';

/** Addresses from `first` to `last`, both included, as numbers: plain ones of IPv4, big ones of IPv6. */
export interface AddressRange<N extends number | bigint> {
  readonly first: N;
  readonly last: N;
}

type Ranges<N extends number | bigint> = readonly AddressRange<N>[];

/** A set of IPv4 and IPv6 addresses: ranges in order, apart from each other. */
export interface AddressSet {
  readonly v4: Ranges<number>;
  readonly v6: Ranges<bigint>;
}

const NONE: Ranges<never> = [];
export const NO_ADDRESSES: AddressSet = { v4: NONE, v6: NONE };
export const ALL_V4: AddressSet = { v4: [{ first: 0, last: 2 ** 32 - 1 }], v6: NONE };
export const ALL_V6: AddressSet = { v4: NONE, v6: [{ first: 0n, last: (1n << 128n) - 1n }] };

/**
 * The addresses of a CIDR block or of a single address; host bits may be set, as AWS accepts them.
 * Null for a text that is neither.
 */
export function parseAddresses(text: string): AddressSet | null {
  if (text.length > 64) return null;
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const isV4 = ipaddr.IPv4.isValidFourPartDecimal(address);
  if (!isV4 && !ipaddr.IPv6.isValid(address)) return null;
  const bits = isV4 ? 32 : 128;
  const length = slash < 0 ? bits : Number(text.slice(slash + 1));
  if (length > bits || (slash >= 0 && !/^\d{1,3}$/.test(text.slice(slash + 1)))) return null;
  if (isV4) {
    const size = 2 ** (bits - length);
    const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    const first = number - (number % size);
    return { v4: [{ first, last: first + size - 1 }], v6: NONE };
  }
  const host = BigInt(bits - length);
  const first = (numberOf(ipaddr.IPv6.parse(address)) >> host) << host;
  return { v4: NONE, v6: [{ first, last: first + (1n << host) - 1n }] };
}

/**
 * The one spelling of a CIDR block or of a single address: its first address, as short as it gets, and its length
 * (`52.0.0.0/7` for `52.1.2.3/7`). Null for a text that is neither.
 */
export function networkText(text: string): string | null {
  if (parseAddresses(text) === null) return null;
  const isV4 = !text.includes(':');
  const slash = text.indexOf('/');
  const length = slash < 0 ? (isV4 ? 32 : 128) : Number(text.slice(slash + 1));
  const whole = `${slash < 0 ? text : text.slice(0, slash)}/${length}`;
  return `${(isV4 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(whole).toString()}/${length}`;
}

function numberOf(address: ipaddr.IPv6): bigint {
  let number = 0n;
  for (const byte of address.toByteArray()) number = (number << 8n) | BigInt(byte);
  return number;
}

export function unionAddresses(...sets: readonly AddressSet[]): AddressSet {
  if (sets.length === 1) return sets[0] as AddressSet;
  return { v4: merged(sets.flatMap((set) => set.v4)), v6: merged(sets.flatMap((set) => set.v6)) };
}

export function intersectAddresses(a: AddressSet, b: AddressSet): AddressSet {
  if (a === b) return a;
  const v4 = intersected(a.v4, b.v4);
  const v6 = intersected(a.v6, b.v6);
  // The same set stays the same object, so that what is known of it is found again.
  if (v4 === a.v4 && v6 === a.v6) return a;
  return v4 === b.v4 && v6 === b.v6 ? b : { v4, v6 };
}

/** What is in `a` and not in `b`. */
export function subtractAddresses(a: AddressSet, b: AddressSet): AddressSet {
  return { v4: subtracted(a.v4, b.v4), v6: subtracted(a.v6, b.v6) };
}

export function hasAddresses(set: AddressSet): boolean {
  return set.v4.length > 0 || set.v6.length > 0;
}

/** True when `a` holds every address of `b`. */
export function coversAddresses(a: AddressSet, b: AddressSet): boolean {
  return covers(a.v4, b.v4) && covers(a.v6, b.v6);
}

export function countV4({ v4 }: AddressSet): number {
  return v4.reduce((sum, { first, last }) => sum + (last - first + 1), 0);
}

export function countV6({ v6 }: AddressSet): bigint {
  return v6.reduce((sum, { first, last }) => sum + (last - first + 1n), 0n);
}

function after<N extends number | bigint>(number: N): N {
  return (typeof number === 'bigint' ? number + 1n : (number as number) + 1) as N;
}

function before<N extends number | bigint>(number: N): N {
  return (typeof number === 'bigint' ? number - 1n : (number as number) - 1) as N;
}

function merged<N extends number | bigint>(ranges: Ranges<N>): Ranges<N> {
  if (ranges.length < 2) return ranges;
  const inOrder = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const result: AddressRange<N>[] = [];
  for (const range of inOrder) {
    const last = result.at(-1);
    if (last === undefined || range.first > after(last.last)) result.push(range);
    else if (range.last > last.last) result[result.length - 1] = { first: last.first, last: range.last };
  }
  return result;
}

/** One of the two where it lies in the other. */
function intersected<N extends number | bigint>(a: Ranges<N>, b: Ranges<N>): Ranges<N> {
  if (a.length === 0 || b.length === 0) return NONE;
  if (a.length === 1 && covers(b, a)) return a;
  if (b.length === 1 && covers(a, b)) return b;
  const result: AddressRange<N>[] = [];
  let areOfA = true;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] as AddressRange<N>;
    const y = b[j] as AddressRange<N>;
    const first = x.first > y.first ? x.first : y.first;
    const last = x.last < y.last ? x.last : y.last;
    if (first <= last) {
      const isX = first === x.first && last === x.last;
      areOfA &&= isX;
      result.push(isX ? x : { first, last });
    }
    if (x.last < y.last) i++;
    else j++;
  }
  return areOfA && result.length === a.length ? a : result;
}

/** Both are apart from each other, so one range of `a` has to hold each of `b`. */
function covers<N extends number | bigint>(a: Ranges<N>, b: Ranges<N>): boolean {
  let i = 0;
  return b.every(({ first, last }) => {
    while (i < a.length && (a[i] as AddressRange<N>).last < first) i++;
    const range = a[i];
    return range !== undefined && range.first <= first && last <= range.last;
  });
}

function subtracted<N extends number | bigint>(a: Ranges<N>, b: Ranges<N>): Ranges<N> {
  if (a.length === 0 || b.length === 0) return a;
  const result: AddressRange<N>[] = [];
  for (const range of a) {
    let first = range.first;
    for (const hole of b) {
      if (hole.last < first) continue;
      if (hole.first > range.last) break;
      if (hole.first > first) result.push({ first, last: before(hole.first) });
      first = after(hole.last);
      if (first > range.last) break;
    }
    if (first <= range.last) result.push(first === range.first ? range : { first, last: range.last });
  }
  return result;
}
