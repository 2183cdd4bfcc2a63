import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { API_TOKEN_BYTES, apiTokenOf, isApiToken } from './api-token.ts';

const bytes = fc.uint8Array({ minLength: API_TOKEN_BYTES, maxLength: API_TOKEN_BYTES });
const ZEROS = `sinb_${'0'.repeat(43)}`;

describe('an API token', () => {
  test('is written the same for ever: tokens that were handed out stay valid', () => {
    expect(apiTokenOf(new Uint8Array(32))).toBe('sinb_0000000000000000000000000000000000000000000rSWdzt');
    expect(apiTokenOf(new Uint8Array(32).fill(255))).toBe(
      'sinb_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1RNKyHY',
    );
  });

  test('has one shape, and its checksum agrees', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const token = apiTokenOf(value);
        expect(token).toMatch(/^sinb_[0-9A-Za-z]{49}$/);
        expect(isApiToken(token)).toBe(true);
      }),
    );
  });

  test('differs for different bytes', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => (apiTokenOf(a) === apiTokenOf(b)) === Buffer.from(a).equals(b)),
    );
  });

  test('with one other character is refused', () => {
    const token = apiTokenOf(new Uint8Array(32).fill(7));
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'x' ? 'y' : 'x';
      expect(isApiToken(token.slice(0, at) + other + token.slice(at + 1))).toBe(false);
    }
  });

  test('with two neighbours swapped is refused', () => {
    const token = apiTokenOf(Uint8Array.from({ length: 32 }, (_, index) => index * 7 + 1));
    for (let at = 5; at + 1 < token.length; at += 1) {
      const swapped = token.slice(0, at) + token[at + 1] + token[at] + token.slice(at + 2);
      expect(isApiToken(swapped)).toBe(swapped === token);
    }
  });

  test.each([
    '',
    'sinb_',
    ZEROS,
    `${ZEROS}000000`,
    ` ${apiTokenOf(new Uint8Array(32))}`,
    `${apiTokenOf(new Uint8Array(32))}\n`,
  ])('%j is none', (text) => {
    expect(isApiToken(text)).toBe(false);
  });

  test('is never made of fewer bytes', () => {
    expect(() => apiTokenOf(new Uint8Array(31))).toThrow(RangeError);
  });
});
