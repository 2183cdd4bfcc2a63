import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AddressSet, ALL_V4, ALL_V6, parseAddresses, unionAddresses } from './address-set.ts';
import { addressTexts } from './address-texts.ts';

const setOf = (...texts: readonly string[]): AddressSet =>
  unionAddresses(...texts.map((text) => parseAddresses(text) as AddressSet));

it.each<[AddressSet, string[]]>([
  [setOf('8.8.8.8'), ['8.8.8.8/32']],
  [setOf('8.8.8.0/25', '8.8.8.128/25', '9.0.0.1'), ['8.8.8.0/24', '9.0.0.1/32']],
  [setOf('8.8.8.1', '8.8.8.2', '8.8.8.3'), ['8.8.8.1/32', '8.8.8.2/31']],
  [ALL_V4, ['0.0.0.0/0']],
  [ALL_V6, ['0:0:0:0:0:0:0:0/0']],
  [setOf('2a00:1450::/32', '1.0.0.0/8'), ['1.0.0.0/8', '2a00:1450:0:0:0:0:0:0/32']],
  [{ v4: [], v6: [] }, []],
])('spells the set %#', (set, texts) => {
  expect(addressTexts(set, 10)).toEqual(texts);
});

it('gives up where there are too many', () => {
  expect(addressTexts(setOf('8.8.8.1', '9.9.9.9', '10.0.0.1'), 2)).toBeNull();
  expect(addressTexts(setOf('8.8.8.1', '9.9.9.9'), 2)).toHaveLength(2);
});

it('means the same set again when it is read', () => {
  const block = fc.oneof(
    fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 })),
    fc.tuple(fc.ipV6(), fc.integer({ min: 16, max: 128 })),
  );
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), (blocks) => {
      const set = setOf(...blocks.map(([address, length]) => `${address}/${length}`));
      expect(setOf(...(addressTexts(set, 1_000) ?? []))).toEqual(set);
    }),
  );
});
