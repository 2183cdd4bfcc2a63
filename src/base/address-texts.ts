import type { AddressSet } from './address-set.ts';

/**
 * A set as CIDR blocks, the largest that fit, those of IPv4 first; null where it takes more than `max` of them.
 * `parseAddresses` reads each.
 */
export function addressTexts(set: AddressSet, max: number): readonly string[] | null {
  const texts: string[] = [];
  const add = (first: bigint, last: bigint, bits: number, spell: (address: bigint) => string): boolean => {
    for (let from = first; from <= last; ) {
      let host = 0;
      while (host < bits && from % (2n << BigInt(host)) === 0n && from + (2n << BigInt(host)) - 1n <= last)
        host++;
      if (texts.length === max) return false;
      texts.push(`${spell(from)}/${bits - host}`);
      from += 1n << BigInt(host);
    }
    return true;
  };
  const isShort =
    set.v4.every(({ first, last }) => add(BigInt(first), BigInt(last), 32, spellV4)) &&
    set.v6.every(({ first, last }) => add(first, last, 128, spellV6));
  return isShort ? texts : null;
}

function spellV4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
}

function spellV6(address: bigint): string {
  return Array.from({ length: 8 }, (_, index) =>
    ((address >> BigInt(112 - 16 * index)) & 65_535n).toString(16),
  ).join(':');
}
