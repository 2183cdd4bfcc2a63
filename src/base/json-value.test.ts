import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asNumber, type JsonValue, membersNamed, parseJson, storable, storableJson } from './json-value.ts';

test.each([
  '{"__proto__":{"a":1}}',
  '{"\\u005F_proto__":{"a":1}}',
  '{"__pr\\u006fto__":{"a":1}}',
  '{"__\\u0070roto__":{"a":1}}',
])('parseJson drops the prototype in %s', (text) => {
  expect(Object.keys(parseJson(text) as object)).toEqual([]);
});

test.each([
  [7.5, 7.5],
  ['-7.50', -7.5],
  ['0'.repeat(32), 0],
  ['0'.repeat(33), undefined],
  [JSON.parse('1e400'), undefined],
  [Number.NaN, undefined],
  ['1e400', undefined],
  ['Infinity', undefined],
  ['0x10', undefined],
  [' 7', undefined],
  ['', undefined],
  [true, undefined],
  [[7], undefined],
])('%j as a number is %s', (value, expected) => {
  expect(asNumber(value)).toBe(expected);
});

describe('what PostgreSQL stores as text', () => {
  test.each([
    ['"a\\u0000b"', 'a\ufffdb'],
    ['"\\ud800"', '\ufffd'],
    ['"\\uDC00\\uD800"', '\ufffd\ufffd'],
    ['"\\ud83d\\ude00"', '😀'],
    ['"\\ud800\\ud83d\\ude00"', '\ufffd😀'],
    ['"\\\\u0000"', '\\u0000'],
    ['"\\\\\\u0000"', '\\\ufffd'],
    ['{"a\\u0000":1}', { 'a\ufffd': 1 }],
  ])('of %s', (text, expected) => {
    expect(JSON.parse(storableJson(text))).toEqual(expected);
  });

  test('is every text without NUL and half characters', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('\u0000', '\ud83d', '\ude00', '\\', 'u', '0', 'd', '8', '"', 'é'),
        }),
        (text) => {
          expect(storable({ text }).text).toBe(text.replaceAll('\0', '\ufffd').toWellFormed());
        },
      ),
    );
  });

  test('is the value itself where nothing has to change', () => {
    const value = { a: ['é', '\\u0000', undefined] };
    expect(storable(value)).toBe(value);
  });
});

test('membersNamed finds what stands under a name at any depth, within what it found as well', () => {
  const value = { a: { a: 1, b: [{ a: null }, [{ a: 'x' }]] }, c: 'a', toString: { a: [2] } };
  const found = [...membersNamed(value, 'a')].map((each) => JSON.stringify(each)).sort();
  expect(found).toEqual([JSON.stringify('x'), '1', '[2]', 'null', JSON.stringify(value.a)].sort());
  let deep: JsonValue = { a: 1 };
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  expect([...membersNamed(deep, 'a')]).toEqual([1]);
});
