import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import { filled, keyAndValue, oneMore, wholeNumber } from './argument-parsers.ts';

describe('whole numbers', () => {
  test.each([
    ['1', 1],
    ['10', 10],
    ['007', 7],
  ])('%s', (text, value) => {
    expect(wholeNumber(1, 10)(text)).toBe(value);
  });

  test.each(['0', '11', '-1', '1.5', '1e1', '', ' ', 'ten', '0x1', '9'.repeat(400)])(
    '%j is none from 1 to 10',
    (text) => {
      expect(() => wholeNumber(1, 10)(text)).toThrow(InvalidArgumentError);
    },
  );
});

describe('keys and values', () => {
  test.each([
    ['cluster=prod', { cluster: 'prod' }],
    ['image=nginx:1.27@sha256=ab', { image: 'nginx:1.27@sha256=ab' }],
    ['a_b-c= x ', { 'a_b-c': 'x' }],
    ['constructor=x', { constructor: 'x' }],
  ])('%s', (text, expected) => {
    expect(keyAndValue(text)).toEqual(expected);
  });

  test('one is added to those before', () => {
    expect(keyAndValue('b=2', keyAndValue('a=1'))).toEqual({ a: '1', b: '2' });
  });

  test.each(['cluster', 'cluster=', 'cluster= ', '=prod', 'Cluster=prod', '__proto__=x', '1a=x', ''])(
    '%j is none',
    (text) => {
      expect(() => keyAndValue(text)).toThrow('Expected KEY=VALUE');
    },
  );

  test('a key is given once', () => {
    expect(() => keyAndValue('a=2', { a: '1' })).toThrow('"a" is given twice.');
  });
});

test('texts are collected in their order, without space around them', () => {
  expect(oneMore(' b ', oneMore('a'))).toEqual(['a', 'b']);
});

test('an empty text is refused', () => {
  expect(() => filled(' ')).toThrow(InvalidArgumentError);
});
