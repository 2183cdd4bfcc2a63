import { expect, it } from 'vitest';
import { dayOf, endOfDay } from './due-day.ts';

it.each(['2026-12-08', '2027-01-01', '2028-02-29'])('the end of %s is on that day', (day) => {
  const end = Date.parse(endOfDay(day) ?? '');
  expect([dayOf(end), dayOf(end + 1) > day]).toEqual([day, true]);
});

it.each(['', 'soon', '2026-13-01'])('"%s" is no day', (day) => {
  expect(endOfDay(day)).toBe(null);
});

// Days of 23 and 25 hours, days of half an hour less and more, days that begin at one o'clock, and places far from Greenwich.
it.each([
  ['Europe/Berlin', '2026-03-29', '2026-03-29T21:59:59.999Z'],
  ['Europe/Berlin', '2026-10-25', '2026-10-25T22:59:59.999Z'],
  ['America/New_York', '2026-03-08', '2026-03-09T03:59:59.999Z'],
  ['America/New_York', '2026-11-01', '2026-11-02T04:59:59.999Z'],
  ['Australia/Lord_Howe', '2026-04-05', '2026-04-05T13:29:59.999Z'],
  ['Australia/Lord_Howe', '2026-10-04', '2026-10-04T12:59:59.999Z'],
  ['America/Santiago', '2026-09-06', '2026-09-07T02:59:59.999Z'],
  ['Pacific/Kiritimati', '2026-12-31', '2026-12-31T09:59:59.999Z'],
  ['Pacific/Chatham', '2026-04-05', '2026-04-05T11:14:59.999Z'],
])('in %s the end of %s is %s', (zone, day, end) => {
  const before = process.env.TZ;
  process.env.TZ = zone;
  try {
    expect(endOfDay(day)).toBe(end);
    expect(dayOf(Date.parse(end))).toBe(day);
    expect(dayOf(Date.parse(end) + 1) > day).toBe(true);
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});
