import { expect, it } from 'vitest';
import { liveChanges, liveChangesText } from './live-changes.ts';

const rows = (ids: string) => [...ids].map((id) => ({ id }));

it.each([
  ['nothing changed', 'abc', 'abc', true, ''],
  ['one came in at the head', 'abc', 'xab', false, '1 new'],
  ['one rose', 'abcd', 'dabc', true, '1 risen'],
  ['one was resolved', 'abc', 'ac', true, '1 gone'],
  ['one left a full page and the next moved up', 'abc', 'bcd', false, '1 new'],
  ['all of it', 'abcd', 'xdb', true, '1 new, 1 risen, 2 gone'],
])('%s', (_title, shown, now, isWhole, text) => {
  expect(liveChangesText(liveChanges(rows(shown), rows(now), isWhole))).toBe(text);
});
