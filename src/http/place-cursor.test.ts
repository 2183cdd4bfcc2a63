import { expect, test } from 'vitest';
import { PLACES, readPlace, writePlace } from './place-cursor.ts';

const FINGERPRINT = '00000000-0000-0000-0000-000000000001';

test('a cursor leads back to its place', () => {
  const rank = 2n ** 51n;
  expect(readPlace(PLACES.finding, writePlace([rank, 'a', FINGERPRINT]))).toEqual({
    rank,
    issue: 'a',
    fingerprint: FINGERPRINT,
  });
  expect(readPlace(PLACES.signal, writePlace([1, 'r"\n', 's']))).toEqual({
    at: 1,
    resource: 'r"\n',
    id: 's',
  });
  expect(readPlace(PLACES.resource, writePlace(['aws:arn:…']))).toBe('aws:arn:…');
  expect(readPlace(PLACES.advisory, writePlace([0n, 'b']))).toEqual({ rank: 0n, issue: 'b' });
  expect(readPlace(PLACES.resource, undefined)).toBeNull();
});

test.each([
  '',
  'x',
  writePlace([]),
  writePlace(['1', 'a']),
  writePlace([-1n, 'a', FINGERPRINT]),
  writePlace([1n, 'a', 'no fingerprint']),
  writePlace([10n ** 19n, 'a', FINGERPRINT]),
])('%j is no cursor of findings', (cursor) => {
  expect(() => readPlace(PLACES.finding, cursor)).toThrow(expect.objectContaining({ code: 'usage' }));
});
