import { expect, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import type { ActionOf } from './automation-rule.ts';
import { type DueFacts, dueByRule } from './due-by-rule.ts';

const SEEN = Date.UTC(2026, 0, 10);
const FIX = Date.UTC(2026, 2, 1);
const KEV = Date.UTC(2026, 1, 1);
const FACTS: DueFacts = {
  type: 'library_vulnerability',
  severity: 'high',
  firstSeen: SEEN,
  fixSince: FIX,
  kevDueAt: KEV,
};
const days = { high: 30 };

test.each<[string, ActionOf<'due_date'>['from'], Partial<DueFacts>, number | null]>([
  ['from when it was first seen', 'first_seen', {}, SEEN + 30 * DAY_MS],
  ['a severity without days is not due', 'first_seen', { severity: 'low' }, null],
  ['from when there was a fix', 'fix_available', {}, FIX + 30 * DAY_MS],
  ['what has no fix yet is not due', 'fix_available', { fixSince: null }, null],
  [
    'types that no fix is published for count from when they were seen',
    'fix_available',
    { type: 'misconfiguration', fixSince: null },
    SEEN + 30 * DAY_MS,
  ],
  ['the date of KEV', 'kev', {}, KEV],
  ['the date of KEV whatever the severity', 'kev', { severity: 'low' }, KEV],
  ['what KEV does not list has its days', 'kev', { kevDueAt: null }, SEEN + 30 * DAY_MS],
  ['or none', 'kev', { kevDueAt: null, severity: 'low' }, null],
])('%s', (_what, from, facts, expected) => {
  expect(dueByRule({ type: 'due_date', days, from }, { ...FACTS, ...facts })).toBe(expected);
});
