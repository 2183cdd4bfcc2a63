import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteOrder } from './byte-order.ts';

/** As the bytes themselves are ordered; of the same the earlier one first. */
function plainOrder(texts: readonly string[]): readonly number[] {
  const bytes = texts.map((text) => Buffer.from(text, 'utf8'));
  return [...texts.keys()].sort((a, b) => Buffer.compare(bytes[a]!, bytes[b]!) || a - b);
}

describe('the order of texts by their bytes', () => {
  test('is that of their bytes, of whatever characters they are and however often one comes', () => {
    const part = fc.constantFrom(
      '',
      'a',
      'ab',
      'b',
      '\u0000',
      'é',
      'ÿ',
      'Ā',
      '\uffff',
      '𐀀',
      '𐀁',
      'aws:arn:aws:',
    );
    const text = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 120, size: 'max' }), (texts) => {
        expect([...byteOrder(texts)]).toEqual(plainOrder(texts));
      }),
    );
  });

  test('of many that begin alike and go on for long is the same', () => {
    const texts = Array.from(
      { length: 3_000 },
      (_, place) => `aws:${'x'.repeat(place % 90)}${(place * 7) % 1_000}`,
    );
    expect([...byteOrder(texts)]).toEqual(plainOrder(texts));
  });

  test('of texts that each begin another is the same, however long they are', () => {
    const texts = Array.from({ length: 500 }, (_, place) => 'a'.repeat(500 - place));
    expect([...byteOrder(texts)]).toEqual(plainOrder(texts));
    expect([...byteOrder([])]).toEqual([]);
  });
});
