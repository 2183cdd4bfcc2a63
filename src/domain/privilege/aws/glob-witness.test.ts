import { describe, expect, test } from 'vitest';
import { matchesGlob } from '../aws-policy-statement.ts';
import { witnessOf } from './glob-witness.ts';

describe('a text that all patterns match', () => {
  test.each<readonly [string, readonly string[], string]>([
    ['of one is that with what it leaves open filled', ['a*b?'], 'a~b~'],
    ['of a narrow and a wide one is that of the narrow one', ['a*', 'abc'], 'abc'],
    ['takes the beginning of one and the end of the other', ['a*', '*b'], 'a~b'],
    ['lets stars take what others spell', ['a*c*', '*b*d'], 'a'],
    ['goes on where one begins as the other does', ['ab*', 'a*z'], 'ab'],
    ['counts single characters', ['a??', '?b*', '*c'], 'abc'],
  ])('%s', (_, patterns, begins) => {
    const witness = witnessOf(patterns);
    expect(witness).toMatch(new RegExp(`^${begins.replaceAll('?', '\\?')}`));
    for (const pattern of patterns) expect(matchesGlob(pattern, witness as string)).toBe(true);
  });

  test.each<readonly [string, ...string[]]>([
    ['that begin otherwise', 'a*', 'b*'],
    ['of which a third begins otherwise', 'ab*', '*', 'ac*'],
    ['that end otherwise', '*a', '*b'],
    ['of which one is too short', 'ab', 'a??*'],
    ['of which one has no room for what the other spells', 'a?c', '*bb*'],
  ])('there is none of patterns %s', (_, ...patterns) => {
    expect(witnessOf(patterns)).toBeNull();
    expect(witnessOf(patterns.toReversed())).toBeNull();
  });

  test('is found wherever there is one, of all short patterns', () => {
    const texts = ['', ...words('ab~', 4)];
    const patterns = words('ab*?', 3);
    for (const one of patterns)
      for (const other of patterns) {
        const witness = witnessOf([one, other]);
        const isThere = texts.some((text) => matchesGlob(one, text) && matchesGlob(other, text));
        expect([one, other, typeof witness === 'string']).toEqual([one, other, isThere]);
        if (typeof witness === 'string')
          expect([matchesGlob(one, witness), matchesGlob(other, witness)]).toEqual([true, true]);
      }
  });
});

/** All words over some letters, up to a length. */
function words(letters: string, length: number): readonly string[] {
  if (length === 0) return [];
  const shorter = words(letters, length - 1);
  const longest = length === 1 ? [''] : shorter.filter((word) => word.length === length - 1);
  return [...shorter, ...longest.flatMap((word) => [...letters].map((letter) => word + letter))];
}
