import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SEVERITIES } from '../severity/severity.ts';
import { compareInbox, firstDifference } from './inbox-order.ts';
import { packRank } from './packed-rank.ts';

const item = fc.record({
  id: fc.string({ unit: fc.constantFrom(...'0123456789abcdefghijklmnopqrstuv'), minLength: 1, maxLength: 4 }),
  severity: fc.constantFrom(...SEVERITIES),
  riskCount: fc.integer({ min: 0, max: 5 }),
  impact: fc.integer({ min: 0, max: 1_000_000 }),
});

describe('the inbox order', () => {
  test.each([
    [
      'a worse severity',
      { severity: 'critical', riskCount: 0, impact: 0 },
      { severity: 'high', riskCount: 5, impact: 900 },
      'severity',
    ],
    [
      'more risks at equal severity',
      { severity: 'high', riskCount: 2, impact: 0 },
      { severity: 'high', riskCount: 1, impact: 900 },
      'detected risks',
    ],
    [
      'a larger impact at equal severity and risks',
      { severity: 'high', riskCount: 2, impact: 4 },
      { severity: 'high', riskCount: 2, impact: 3 },
      'impact',
    ],
  ] as const)('%s comes first', (_rule, above, below, key) => {
    expect(compareInbox({ ...above, id: 'a' }, { ...below, id: 'b' })).toBeLessThan(0);
    expect(firstDifference(above, below)).toBe(key);
  });

  test('equals are told by id, descending', () => {
    const equal = { severity: 'low', riskCount: 1, impact: 1 } as const;
    expect(compareInbox({ ...equal, id: 'b' }, { ...equal, id: 'a' })).toBeLessThan(0);
    expect(firstDifference(equal, equal)).toBe('equal');
  });

  test('the packed rank sorts as the three keys do', () => {
    fc.assert(
      fc.property(item, item, (a, b) => {
        const packed = packRank(a) === packRank(b) ? 0 : packRank(a) > packRank(b) ? -1 : 1;
        const byKeys = Math.sign(compareInbox({ ...a, id: 'x' }, { ...b, id: 'x' }));
        expect(packed).toBe(byKeys === 0 ? 0 : byKeys);
      }),
    );
  });

  test('a packed rank fits a signed 64-bit number, whatever the counts', () => {
    expect(
      packRank({ severity: 'critical', riskCount: 10_000, impact: Number.MAX_SAFE_INTEGER }),
    ).toBeLessThan(2n ** 63n);
    expect(packRank({ severity: 'info', riskCount: -1, impact: -1 })).toBe(0n);
  });

  test('a count beyond its room in the packed rank never reaches into the key before it', () => {
    const many = Number.MAX_SAFE_INTEGER;
    expect(packRank({ severity: 'info', riskCount: 0, impact: many })).toBe((1n << 40n) - 1n);
    expect(packRank({ severity: 'low', riskCount: many, impact: many })).toBe((2n << 48n) - 1n);
    expect(packRank({ severity: 'high', riskCount: 2, impact: 3 })).toBe((3n << 48n) | (2n << 40n) | 3n);
  });
});
