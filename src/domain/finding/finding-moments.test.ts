import { describe, expect, test } from 'vitest';
import { type FindingMoments, moveMoments, type SeenThen } from './finding-moments.ts';

const OPEN: FindingMoments = {
  isOpen: true,
  firstSeen: 10,
  closedAt: null,
  closedWhy: null,
  reopenedAt: null,
};
const CLOSED: FindingMoments = { ...OPEN, isOpen: false, closedAt: 20, closedWhy: 'no longer reported' };
const seen = (firstSeen: number | null): SeenThen => ({ at: 30, firstSeen, why: 'gone' });

describe('a scan moves a finding', () => {
  test.each<[string, FindingMoments | null, number | null, FindingMoments]>([
    ['that comes with it', null, 30, { ...OPEN, firstSeen: 30 }],
    [
      'that comes with an image that does not count',
      null,
      null,
      { isOpen: false, firstSeen: 30, closedAt: 30, closedWhy: 'gone', reopenedAt: null },
    ],
    ['that is seen no more', OPEN, null, { ...OPEN, isOpen: false, closedAt: 30, closedWhy: 'gone' }],
    ['that is back', CLOSED, 10, { ...OPEN, reopenedAt: 30 }],
    ['that an older sight makes older', OPEN, 5, { ...OPEN, firstSeen: 5 }],
    [
      'that was back before, and is older now',
      { ...OPEN, reopenedAt: 25 },
      5,
      { ...OPEN, firstSeen: 5, reopenedAt: 25 },
    ],
    ['that is back for the second time', { ...CLOSED, reopenedAt: 15 }, 10, { ...OPEN, reopenedAt: 30 }],
    [
      'that closes again',
      { ...OPEN, reopenedAt: 15 },
      null,
      { ...OPEN, isOpen: false, closedAt: 30, closedWhy: 'gone', reopenedAt: 15 },
    ],
  ])('%s', (_, before, firstSeen, after) => {
    expect(moveMoments(before, seen(firstSeen))).toEqual(after);
  });

  test.each<[string, FindingMoments, number | null]>([
    ['that is seen again', OPEN, 10],
    ['that another scope shows later', OPEN, 30],
    ['that is closed and stays so', CLOSED, null],
  ])('and not one %s', (_, before, firstSeen) => {
    expect(moveMoments(before, seen(firstSeen))).toBe(before);
  });
});
