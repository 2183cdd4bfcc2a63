import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '#base/instant.ts';
import { addLook, isOverdue, isSameLook, rhythmOf, type SourceLooks } from './source-rhythm.ts';

const looksAt = (...days: readonly number[]): SourceLooks | null =>
  days.reduce<SourceLooks | null>((looks, day) => addLook(looks, day * DAY_MS), null);

describe('the rhythm of a source', () => {
  test.each([
    ['nothing yet', looksAt(), 30, 'default'],
    ['two looks', looksAt(1, 2), 30, 'default'],
    ['nightly', looksAt(1, 2, 3, 4), 2, 'learned'],
    ['weekly, with one night missed', looksAt(1, 8, 22, 29), 14, 'learned'],
    ['every eight hours: at least a day', looksAt(1, 1 + 1 / 3, 1 + 2 / 3, 2), 1, 'learned'],
    [
      'weekly, each time a hundred images over ten hours',
      looksAt(...[1, 8, 15].flatMap((day) => Array.from({ length: 100 }, (_, index) => day + index / 240))),
      14,
      'learned',
    ],
    [
      'only the last ten intervals',
      looksAt(0, 50, 100, 150, 200, 250, ...Array.from({ length: 11 }, (_, index) => 300 + index)),
      2,
      'learned',
    ],
  ] as const)('%s', (_, looks, days, from) => {
    expect(rhythmOf(looks, null)).toEqual({ days, from });
  });

  test('takes the lower of two in the middle', () => {
    expect(rhythmOf(looksAt(0, 1, 2, 12, 22), null).days).toBe(2);
    expect(rhythmOf(looksAt(0, 1, 3, 6), null).days).toBe(4);
    expect(rhythmOf(looksAt(0, 1, 6), null).days).toBe(2);
  });

  test('knows ten intervals and not one more', () => {
    const looks = looksAt(...Array.from({ length: 20 }, (_, index) => index));
    expect(looks?.starts).toEqual(Array.from({ length: 11 }, (_, index) => (index + 9) * DAY_MS));
  });

  test('that a person set counts', () => {
    expect(rhythmOf(looksAt(1, 2, 3, 4), 7)).toEqual({ days: 7, from: 'set' });
  });

  test('old reports that arrive late change nothing', () => {
    expect(addLook(looksAt(1, 2, 3), DAY_MS)).toEqual(looksAt(1, 2, 3));
    expect(addLook(looksAt(1, 2, 3), 3 * DAY_MS)).toEqual(looksAt(1, 2, 3));
  });

  test('reports within six hours are one look, those beyond it are two', () => {
    const first = looksAt(1);
    const sixHours = DAY_MS + 6 * HOUR_MS;
    expect(addLook(first, sixHours)).toEqual({ lastAt: sixHours, starts: [DAY_MS] });
    expect(addLook(first, sixHours + 1)).toEqual({ lastAt: sixHours + 1, starts: [DAY_MS, sixHours + 1] });
    expect(isSameLook(DAY_MS, sixHours)).toBe(true);
    expect(isSameLook(DAY_MS, sixHours + 1)).toBe(false);
  });
});

test('a source is overdue once it was silent for longer than its rhythm', () => {
  const looks = looksAt(1, 2, 3);
  const rhythm = rhythmOf(looks, null);
  expect(isOverdue(looks, rhythm, 5 * DAY_MS)).toBe(false);
  expect(isOverdue(looks, rhythm, 5 * DAY_MS + 1)).toBe(true);
  expect(isOverdue(null, rhythm, 500 * DAY_MS)).toBe(false);
  expect(isOverdue(addLook(looks, 4 * DAY_MS + HOUR_MS), rhythm, 6 * DAY_MS)).toBe(false);
});
