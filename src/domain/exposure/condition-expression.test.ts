import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RiskState } from '../risk/detected-risk.ts';
import { conditionAnswer } from './condition-expression.ts';

const ANSWERS: Readonly<Record<string, RiskState>> = { Y: 'yes', N: 'no', 'f(a, (b) && c)': 'yes' };
const decide = (comparison: string): RiskState => ANSWERS[comparison] ?? 'unknown';

describe('conditionAnswer', () => {
  it.each<[string, RiskState]>([
    ['Y', 'yes'],
    ['N', 'no'],
    ['what', 'unknown'],
    ['', 'unknown'],
    ['Y && Y', 'yes'],
    ['Y && N', 'no'],
    ['what && N', 'no'],
    ['N && what', 'no'],
    ['what && Y', 'unknown'],
    ['Y || what', 'yes'],
    ['what || Y', 'yes'],
    ['what || N', 'unknown'],
    ['N || N', 'no'],
    ['!N', 'yes'],
    ['!Y', 'no'],
    ['!what', 'unknown'],
    ['!!Y', 'yes'],
    ['NOT N AND Y', 'yes'],
    ['not n or Y', 'yes'],
    ['N and what OR Y', 'yes'],
    ['Y || N && N', 'yes'],
    ['(Y || N) && N', 'no'],
    ['((Y))', 'yes'],
    ['( !( Y AND what ) ) OR ( N )', 'unknown'],
    ['f(a, (b) && c)', 'yes'],
    ['  f(a,\n\t(b) && c)  ', 'yes'],
    ['f(a,(b) && c)', 'unknown'],
    ['f(a, (b)  &&  c)', 'yes'],
    ['(Y) == Y', 'unknown'],
    ['(Y', 'unknown'],
    ['Y)', 'unknown'],
    ['Y &&', 'unknown'],
    ['N &&', 'no'],
    ['what == "a && b" || Y', 'yes'],
    ["what == 'a || Y' && N", 'no'],
    [`${'('.repeat(39)}Y${')'.repeat(39)}`, 'yes'],
    [`${'('.repeat(60)}Y${')'.repeat(60)}`, 'unknown'],
    [`${'!'.repeat(60)}Y`, 'unknown'],
    [`Y || ${'a'.repeat(10_000)}`, 'unknown'],
  ])('%s is %s', (text, answer) => {
    expect(conditionAnswer(text, decide)).toBe(answer);
  });

  it('ends on any text', () => {
    const words = fc.constantFrom(
      '(',
      ')',
      '!',
      '&&',
      '||',
      'AND',
      'Y',
      'N',
      ' ',
      '"',
      "'",
      '\\',
      'x',
      '&',
      '|',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), (text) => {
        expect(['yes', 'no', 'unknown']).toContain(conditionAnswer(text.join(''), decide));
      }),
    );
  });
});
