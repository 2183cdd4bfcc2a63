import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base32Hex, boundedKey, digestOfParts } from './digest.ts';

describe('boundedKey', () => {
  test('leaves names of a usual length as they are', () => {
    for (const name of ['', 'image:docker.io/library/redis', 'é'.repeat(350), 'x'.repeat(700)])
      expect(boundedKey(name)).toBe(name);
  });

  test('is stored and indexed by PostgreSQL whatever the name, and tells names apart', () => {
    const name = fc.string({ unit: 'binary', maxLength: 1_000, size: 'max' });
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(Buffer.byteLength(boundedKey(a))).toBeLessThanOrEqual(700);
        expect(boundedKey(a)).not.toContain('\0');
        expect(boundedKey(a).isWellFormed()).toBe(true);
        if (a.isWellFormed() && b.isWellFormed() && !/\0|\ufffd/.test(a + b))
          expect(boundedKey(a) === boundedKey(b)).toBe(a === b);
      }),
    );
    expect(boundedKey(`${'x'.repeat(2_000)}a`)).not.toBe(boundedKey(`${'x'.repeat(2_000)}b`));
  });
});

test('digestOfParts tells apart where one part ends and the next begins', () => {
  expect(digestOfParts(['ab', 'c'])).not.toEqual(digestOfParts(['a', 'bc']));
  expect(digestOfParts(['a', ''])).not.toEqual(digestOfParts(['a']));
});

test('base32Hex sorts as its bytes do', () => {
  const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const texts = [base32Hex(a), base32Hex(b)] as const;
      expect(Math.sign(Buffer.compare(a, b))).toBe(texts[0] === texts[1] ? 0 : texts[0] < texts[1] ? -1 : 1);
    }),
  );
});
