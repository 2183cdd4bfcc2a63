import { describe, expect, it } from 'vitest';
import type { AttackPathStep, Gate } from '../../../../src/contract/attack-path.ts';
import { cutLines, gatesOfLines, lineKey, stillReached, type Way, wayLeft } from './map-ways.ts';

const gate = (id: string): Gate => ({ fix: id, is: 'setting', id, sentence: id, issue: null });
const step = (from: string, to: string, ...gates: string[]): AttackPathStep => ({
  from,
  to,
  gains: 'reach',
  rule: 'r',
  sentence: `${from} ${to}`,
  gates: gates.map(gate),
  evidence: [],
  assumptions: [],
  technique: null,
  probability: 1,
  otherWays: 0,
});
const way = (...steps: AttackPathStep[]): Way => ({ entry: 'a', target: 'z', likelihood: 1, steps });

const first = way(step('a', 'b', 'g1', 'g2'), step('b', 'z', 'g3'));
const second = way(step('a', 'c', 'g4'), step('c', 'z'));

describe('a cut', () => {
  it('by any one gate of a step leaves the next way', () => {
    expect(wayLeft([first, second], new Set())).toBe(first);
    expect(wayLeft([first, second], new Set(['g2']))).toBe(second);
    expect(wayLeft([first, second], new Set(['g3', 'g4']))).toBeNull();
  });

  it('closes a line once every step over it is closed', () => {
    const ways = [first, way(step('a', 'b', 'g5'))];
    expect([...cutLines(ways, new Set(['g1']))]).toEqual([]);
    expect([...cutLines(ways, new Set(['g1', 'g5']))]).toEqual([lineKey(step('a', 'b'))]);
    expect(
      gatesOfLines(ways)
        .get(lineKey(step('a', 'b')))
        ?.map(({ id }) => id),
    ).toEqual(['g1', 'g2', 'g5']);
  });

  it('leaves what another way leads to', () => {
    const lines = [...first.steps, ...second.steps];
    const reached = (cut: string) =>
      [...stillReached(['a', 'b', 'c', 'z'], lines, cutLines([first, second], new Set([cut])))].sort();
    expect(reached('g1')).toEqual(['a', 'c', 'z']);
    expect(reached('none')).toEqual(['a', 'b', 'c', 'z']);
  });

  it('is not gone round by what requests pass on the way that is closed', () => {
    const lines = [
      ...first.steps,
      { from: 'a', to: 'front', rule: 'passes' },
      { from: 'front', to: 'b', rule: 'lets-in' },
    ];
    const reached = stillReached(['a', 'b', 'front', 'z'], lines, cutLines([first], new Set(['g1'])));
    expect([...reached].sort()).toEqual(['a', 'front']);
  });

  it('ends where steps lead in a circle', () => {
    const lines = [step('a', 'b'), step('b', 'c'), step('c', 'b')];
    expect([...stillReached(['a', 'b', 'c'], lines, new Set())]).toEqual(['a', 'b', 'c']);
  });
});
