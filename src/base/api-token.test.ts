import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { API_TOKEN_BYTES, API_TOKEN_KINDS, apiTokenKind, apiTokenOf } from './api-token.ts';

const bytes = fc.uint8Array({ minLength: API_TOKEN_BYTES, maxLength: API_TOKEN_BYTES });
const kinds = fc.constantFrom(...API_TOKEN_KINDS);
const ZEROS = `sinb_pat_${'0'.repeat(30)}`;

function numberOf(base62: string): number {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return [...base62].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
}

describe('an API token', () => {
  test('is written the same for ever: tokens that were handed out stay valid', () => {
    expect(apiTokenOf('pat', new Uint8Array(32))).toBe('sinb_pat_0000000000000000000000000000000eCtuc');
    expect(apiTokenOf('ing', new Uint8Array(32).fill(255))).toBe(
      'sinb_ing_L1YmHWZWm8LLG7HjnuCA2j5rOw8Xp11DsNxf',
    );
  });

  test('has one shape, the published one, and its checksum agrees', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/reference/tokens.md'), 'utf8');
    const published = new RegExp(`^${/^sinb_.*$/m.exec(page)?.[0]}$`);
    fc.assert(
      fc.property(kinds, bytes, (kind, value) => {
        const token = apiTokenOf(kind, value);
        expect(token).toMatch(/^sinb_(pat|ing|svc|mcp)_[0-9A-Za-z]{36}$/);
        expect(token).toMatch(published);
        expect(numberOf(token.slice(-6))).toBe(crc32(token.slice(0, -6)));
        expect(apiTokenKind(token)).toBe(kind);
      }),
    );
  });

  test('with one other character is refused, its kind included', () => {
    const token = apiTokenOf('ing', new Uint8Array(32).fill(7));
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'x' ? 'y' : 'x';
      expect(apiTokenKind(token.slice(0, at) + other + token.slice(at + 1))).toBe(null);
    }
    expect(apiTokenKind(token.replace('_ing_', '_pat_'))).toBe(null);
  });

  test('with two neighbours swapped is refused', () => {
    const token = apiTokenOf(
      'svc',
      Uint8Array.from({ length: 32 }, (_, index) => index * 7 + 1),
    );
    for (let at = 5; at + 1 < token.length; at += 1) {
      const swapped = token.slice(0, at) + token[at + 1] + token[at] + token.slice(at + 2);
      expect(apiTokenKind(swapped)).toBe(swapped === token ? 'svc' : null);
    }
  });

  test.each([
    '',
    'sinb_',
    ZEROS,
    `${ZEROS}zzzzzz`,
    ` ${apiTokenOf('pat', new Uint8Array(32))}`,
    `${apiTokenOf('pat', new Uint8Array(32))}\n`,
  ])('%j is none', (text) => {
    expect(apiTokenKind(text)).toBe(null);
  });

  test('is never made of fewer bytes', () => {
    expect(() => apiTokenOf('pat', new Uint8Array(31))).toThrow(RangeError);
  });
});
