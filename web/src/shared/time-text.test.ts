import { describe, expect, it } from 'vitest';
import { agoText, dayText, dueText, instantText } from './time-text.ts';

const now = Date.parse('2026-11-24T16:00:00Z');

describe('a due date', () => {
  it.each([
    ['2026-11-24T16:00:01Z', 'in 1 s', false],
    ['2026-11-24T16:00:00Z', '0 s over', true],
    ['2026-11-24T21:30:00Z', 'in 5 h', false],
    ['2026-11-26T15:59:59Z', 'in 47 h', false],
    ['2026-11-26T16:00:00Z', 'in 2 d', false],
    ['2026-12-08T16:00:00Z', 'in 14 d', false],
    ['2026-11-24T15:59:59Z', '1 s over', true],
    ['2026-11-21T15:00:00Z', '3 d over', true],
  ])('%s is %s', (dueAt, text, overdue) => {
    expect(dueText(dueAt, now)).toEqual({ text, overdue });
  });
});

describe('an instant', () => {
  it.each([
    ['2026-11-24T15:59:30Z', 'just now'],
    ['2026-11-24T16:05:00Z', 'just now'],
    ['2026-11-24T15:19:00Z', '41 min ago'],
    ['2026-11-24T14:00:00Z', '2 h ago'],
    ['2026-11-18T16:00:00Z', '6 d ago'],
  ])('%s was %s', (at, text) => {
    expect(agoText(at, now)).toBe(text);
  });

  it('is told in UTC, whatever the zone of the machine', () => {
    expect(instantText('2026-11-24T23:30:00Z')).toBe('24 Nov 2026, 23:30 UTC');
    expect(dayText('2026-12-08T00:00:00Z')).toBe('8 Dec 2026');
  });
});
