import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coverNumber, placeOfCover, renamedCover } from './cover-unit.ts';

test('the whole scope is 0, and no other unit is', () => {
  expect(coverNumber('')).toBe(0n);
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (unit) => {
      expect(coverNumber(unit)).not.toBe(0n);
    }),
  );
});

test('units of one place share it, whatever the check; the place is what stands behind the last @', () => {
  expect(placeOfCover(coverNumber('a@123/eu-west-1'))).toBe(placeOfCover(coverNumber('b@c@123/eu-west-1')));
  expect(placeOfCover(coverNumber('a@123/eu-west-1'))).not.toBe(placeOfCover(coverNumber('a@123/us-east-1')));
  expect(coverNumber('a@123/eu-west-1')).not.toBe(coverNumber('b@123/eu-west-1'));
});

test('a unit has another number when its check has another name', () => {
  const old = coverNumber('old@123/eu-west-1');
  expect(renamedCover(old, 'old', 'new')).toBe(coverNumber('new@123/eu-west-1'));
  expect(renamedCover(old, 'older', 'new')).toBe(old);
});

test('a unit is a number that fits a signed 64-bit column, always the same', () => {
  expect(coverNumber('check@123456789012/eu-west-1')).toBe(PINNED);
  fc.assert(
    fc.property(fc.string(), (unit) => {
      expect(BigInt.asIntN(64, coverNumber(unit))).toBe(coverNumber(unit));
    }),
  );
});

/** It is stored with every sighting. */
const PINNED = 8475996112184881694n;
