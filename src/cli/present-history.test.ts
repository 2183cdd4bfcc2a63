import { expect, test } from 'vitest';
import { paintFor } from './paint.ts';
import { historyLines } from './present-history.ts';

const PLAIN = paintFor({ isColourWanted: false });
const event = (day: number, more: object = {}) => ({
  at: `2026-11-${String(day).padStart(2, '0')}T12:00:00.000Z`,
  by: 'ann',
  sentence: 'unmuted it',
  changes: [],
  comment: null,
  ...more,
});

test('a history is its newest lines, with what was said made safe', () => {
  expect(historyLines([], PLAIN)).toEqual([]);
  const said = event(2, {
    sentence: 'said',
    comment: { id: 'c', text: 'so\u001b[31m it\nis', editedAt: null },
  });
  expect(historyLines([said, event(1)], PLAIN)).toEqual([
    '',
    'History',
    '  2026-11-02  ann said',
    '              so[31m it is',
    '  2026-11-01  ann unmuted it',
  ]);
});

test('of a long one it says how much is older', () => {
  const lines = historyLines(
    Array.from({ length: 23 }, () => event(1)),
    PLAIN,
  );
  expect([lines.length, lines.at(-1)]).toEqual([23, '  and 3 before']);
});
