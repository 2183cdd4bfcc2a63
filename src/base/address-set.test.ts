import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AddressSet,
  ALL_V4,
  countV4,
  coversAddresses,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from './address-set.ts';

describe('parseAddresses', () => {
  it.each([
    ['0.0.0.0/0', 0, 0xffffffff],
    ['10.1.2.3/8', 0x0a000000, 0x0affffff],
    ['1.2.3.4', 0x01020304, 0x01020304],
    ['255.255.255.255/32', 0xffffffff, 0xffffffff],
  ])('reads %s', (text, first, last) => {
    expect(parseAddresses(text)).toEqual({ v4: [{ first, last }], v6: [] });
  });

  it('reads IPv6', () => {
    expect(parseAddresses('::/0')).toEqual({ v4: [], v6: [{ first: 0n, last: (1n << 128n) - 1n }] });
    expect(parseAddresses('2001:db8::1')).toEqual({
      v4: [],
      v6: [{ first: (0x20010db8n << 96n) | 1n, last: (0x20010db8n << 96n) | 1n }],
    });
  });

  it.each([
    '',
    'x',
    '1.2.3',
    '1.2.3.4/33',
    '1.2.3.4/-1',
    '1.2.3.4/',
    '1.2.3.4/1e1',
    '0x7f.1/8',
    '::/129',
    '1.2.3.4/8/8',
    '9'.repeat(100),
  ])('refuses %s', (text) => {
    expect(parseAddresses(text)).toBeNull();
  });

  it('holds all of IPv4 in its two halves', () => {
    const halves = unionAddresses(
      parseAddresses('0.0.0.0/1') as AddressSet,
      parseAddresses('128.0.0.0/1') as AddressSet,
    );
    expect(halves).toEqual(ALL_V4);
  });
});

/** Sets over 64 addresses, with the list of their members as the model. */
const small = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 15 })), { maxLength: 6 })
  .map((pairs) => {
    const set = unionAddresses(
      NO_ADDRESSES,
      ...pairs.map(
        ([first, length]): AddressSet => ({
          v4: [{ first, last: first + length }],
          v6: [],
        }),
      ),
    );
    const members = new Set(
      pairs.flatMap(([first, length]) => Array.from({ length: length + 1 }, (_, i) => first + i)),
    );
    return { set, members };
  });

function membersOf(set: AddressSet): number[] {
  return set.v4.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
}

function sorted(members: Iterable<number>): number[] {
  return [...members].sort((a, b) => a - b);
}

describe('address sets', () => {
  it('agree with sets of numbers', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(membersOf(unionAddresses(a.set, b.set))).toEqual(
          sorted([...a.members, ...[...b.members].filter((each) => !a.members.has(each))]),
        );
        expect(membersOf(intersectAddresses(a.set, b.set))).toEqual(
          sorted([...a.members].filter((each) => b.members.has(each))),
        );
        expect(membersOf(subtractAddresses(a.set, b.set))).toEqual(
          sorted([...a.members].filter((each) => !b.members.has(each))),
        );
        expect(coversAddresses(a.set, b.set)).toBe([...b.members].every((each) => a.members.has(each)));
        expect(hasAddresses(a.set)).toBe(a.members.size > 0);
        expect(countV4(a.set)).toBe(a.members.size);
      }),
    );
  });
});
