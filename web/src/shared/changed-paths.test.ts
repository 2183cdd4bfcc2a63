import { expect, test } from 'vitest';
import { type ChangedPath, changesOf, severityAfterWords } from './changed-paths.ts';

test.each<[Parameters<typeof severityAfterWords>[1], string]>([
  [null, 'Critical'],
  [{ becomes: 'the same', severityAfter: 'critical' }, 'Critical'],
  [{ becomes: 'lower', severityAfter: 'medium' }, 'Medium'],
  [{ becomes: 'gone', severityAfter: null }, 'Gone'],
  [{ becomes: 'gone', severityAfter: 'high' }, 'High, by the next best way'],
])('a critical path in a try: %j', (after, words) => {
  expect(severityAfterWords('critical', after)).toBe(words);
});

test('of what changes that which is gone comes first, and what stays the same is none', () => {
  const path = (becomes: ChangedPath['becomes']) => ({ becomes }) as ChangedPath;
  const paths = (['new', 'the same', 'smaller', 'gone', 'less likely', 'lower'] as const).map(path);
  expect(changesOf(paths).map(({ becomes }) => becomes)).toEqual([
    'gone',
    'lower',
    'less likely',
    'smaller',
    'new',
  ]);
});
