import { expect, it } from 'vitest';
import type { IssueRow } from '../../../../src/contract/issue.ts';
import { hasWords, paletteLines } from './palette-lines.ts';

const here = new Set(['mute', 'next', 'go-o', 'help'] as const);
const issue = { id: 'a1', title: 'Log4Shell' } as IssueRow;

it('offers what can be done here, but not to move, and then what was found', () => {
  expect(paletteLines(here, '', [issue]).map(({ id }) => id)).toEqual(['mute', 'help', 'go-o', 'a1']);
});

it.each([
  ['mu', ['mute']],
  ['go sou', ['go-o']],
  ['SOURCES', ['go-o']],
  ['nothing of the kind', []],
])('fits words in any case and order: %s', (typed, ids) => {
  expect(paletteLines(here, typed, []).map(({ id }) => id)).toEqual(ids);
});

it('finds every word that was typed, or nothing', () => {
  expect(hasWords('Show the whole map', 'map whole')).toBe(true);
  expect(hasWords('Show the whole map', 'map half')).toBe(false);
});
