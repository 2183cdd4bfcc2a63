import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteKeys } from './byte-keys.ts';

test('numbers keys in the order in which they came, each once, and finds no other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 1_000 }),
      fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 50 }),
      (added, asked) => {
        const keyOf = (number: number) => Buffer.from(number.toString(36).padStart(4, '0'));
        const keys = new ByteKeys(4);
        const order = [...new Set(added)];
        for (const number of added) expect(keys.add(keyOf(number))).toBe(order.indexOf(number));
        expect(keys.size).toBe(order.length);
        for (const number of asked) expect(keys.find(keyOf(number))).toBe(order.indexOf(number));
        expect(order.map((_, index) => keys.keyAt(index).toString())).toEqual(
          order.map((number) => keyOf(number).toString()),
        );
      },
    ),
  );
});
