import ipaddr from 'ipaddr.js';

/** Addresses from `first` to `last`, both included, as numbers. */
export interface AddressRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** A set of IPv4 and IPv6 addresses: ranges in order, apart from each other. */
export interface AddressSet {
  readonly v4: readonly AddressRange[];
  readonly v6: readonly AddressRange[];
}

const BITS = { v4: 32n, v6: 128n } as const;

export const NO_ADDRESSES: AddressSet = { v4: [], v6: [] };
export const ALL_V4: AddressSet = { v4: [{ first: 0n, last: (1n << BITS.v4) - 1n }], v6: [] };
export const ALL_V6: AddressSet = { v4: [], v6: [{ first: 0n, last: (1n << BITS.v6) - 1n }] };

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
  const family = isV4 ? 'v4' : 'v6';
  const length = slash < 0 ? Number(BITS[family]) : Number(text.slice(slash + 1));
  if (
    !Number.isInteger(length) ||
    length < 0 ||
    length > Number(BITS[family]) ||
    !/^\d{1,3}$/.test(slash < 0 ? '0' : text.slice(slash + 1))
  )
    return null;
  const host = BITS[family] - BigInt(length);
  const first = (toNumber(ipaddr.parse(address)) >> host) << host;
  const range = { first, last: first + (1n << host) - 1n };
  return isV4 ? { v4: [range], v6: [] } : { v4: [], v6: [range] };
}

function toNumber(address: ipaddr.IPv4 | ipaddr.IPv6): bigint {
  let number = 0n;
  for (const byte of address.toByteArray()) number = (number << 8n) | BigInt(byte);
  return number;
}

export function unionAddresses(...sets: readonly AddressSet[]): AddressSet {
  if (sets.length === 1) return sets[0] as AddressSet;
  return { v4: merged(sets.flatMap((set) => set.v4)), v6: merged(sets.flatMap((set) => set.v6)) };
}

export function intersectAddresses(a: AddressSet, b: AddressSet): AddressSet {
  return { v4: intersected(a.v4, b.v4), v6: intersected(a.v6, b.v6) };
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
  return !hasAddresses(subtractAddresses(b, a));
}

export function countAddresses(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce((sum, { first, last }) => sum + (last - first + 1n), 0n);
}

function merged(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const inOrder = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const result: AddressRange[] = [];
  for (const range of inOrder) {
    const before = result.at(-1);
    if (before === undefined || range.first > before.last + 1n) result.push(range);
    else if (range.last > before.last) result[result.length - 1] = { first: before.first, last: range.last };
  }
  return result;
}

function intersected(a: readonly AddressRange[], b: readonly AddressRange[]): readonly AddressRange[] {
  const result: AddressRange[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] as AddressRange;
    const y = b[j] as AddressRange;
    const first = x.first > y.first ? x.first : y.first;
    const last = x.last < y.last ? x.last : y.last;
    if (first <= last) result.push({ first, last });
    if (x.last < y.last) i++;
    else j++;
  }
  return result;
}

function subtracted(a: readonly AddressRange[], b: readonly AddressRange[]): readonly AddressRange[] {
  const result: AddressRange[] = [];
  for (const range of a) {
    let first = range.first;
    for (const hole of b) {
      if (hole.last < first) continue;
      if (hole.first > range.last) break;
      if (hole.first > first) result.push({ first, last: hole.first - 1n });
      first = hole.last + 1n;
      if (first > range.last) break;
    }
    if (first <= range.last) result.push({ first, last: range.last });
  }
  return result;
}
