import { expect, it } from 'vitest';
import { explorerParameters, hasWord, readExplorerSearch, toggledWord } from './explorer-address.ts';

it('reads what a list knows of an address, and nothing else', () => {
  const read = readExplorerSearch(['q', 'kind']);
  expect(read({ q: 'a', kind: '', other: 'b', constructor: 'c' })).toEqual({ q: 'a' });
  expect(read({ q: 'x'.repeat(3_000) }).q).toHaveLength(2_000);
});

it('asks the server by the names of the API', () => {
  expect(String(explorerParameters({ q: 'severity:high', type: undefined }, { q: 'query' }))).toBe(
    'query=severity%3Ahigh',
  );
});

it('switches a word on and off', () => {
  expect(toggledWord(undefined, 'a')).toBe('a');
  expect(toggledWord('a', 'b')).toBe('a,b');
  expect(toggledWord('a,b', 'a')).toBe('b');
  expect(toggledWord('a', 'a')).toBeUndefined();
  expect(hasWord('a,b', 'b')).toBe(true);
  expect(hasWord(undefined, 'b')).toBe(false);
});
