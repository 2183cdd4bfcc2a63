import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCursor, writeCursor } from './inbox-cursor.ts';

test('a cursor leads back to its place', () => {
  const id = fc.string({
    unit: fc.constantFrom(...'0123456789abcdefghijklmnopqrstuv'),
    minLength: 1,
    maxLength: 32,
  });
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 51n), id, (rank, id) => {
      expect(readCursor(writeCursor({ rank, id }))).toEqual({ rank, id });
    }),
  );
});

test.each([
  '',
  'x',
  'MTIz',
  Buffer.from('1.').toString('base64url'),
  Buffer.from('-1.a').toString('base64url'),
  Buffer.from("1.a' or 1=1").toString('base64url'),
  Buffer.from(`${'9'.repeat(19)}.a`).toString('base64url'),
])('%j is no cursor', (text) => {
  expect(() => readCursor(text)).toThrow(expect.objectContaining({ code: 'usage' }));
});
