import { expect, it } from 'vitest';
import { muteEnd } from './mute-span.ts';

const now = Date.parse('2026-11-24T16:00:00Z');

it.each([
  ['', null],
  ['7', '2026-12-01T16:00:00.000Z'],
  ['90', '2027-02-22T16:00:00.000Z'],
])('a mute of "%s" days ends at %s', (days, end) => {
  expect(muteEnd(days, now)).toBe(end);
});
