import { expect, it } from 'vitest';
import { dayOf, endOfDay } from './due-day.ts';

it.each(['2026-12-08', '2027-01-01', '2028-02-29'])('the end of %s is on that day', (day) => {
  const end = Date.parse(endOfDay(day) ?? '');
  expect([dayOf(end), dayOf(end + 1) > day]).toEqual([day, true]);
});

it.each(['', 'soon', '2026-13-01'])('"%s" is no day', (day) => {
  expect(endOfDay(day)).toBe(null);
});
