import { describe, expect, it } from 'vitest';
import { someIssue as row } from './issue-row.test-sample.ts';
import { listLines, neighbour } from './list-lines.ts';

const waiting = { admittedBy: [] };
const shown = (lines: ReturnType<typeof listLines>) =>
  lines.map((line) =>
    line.kind === 'issue' ? `${line.rank ?? '-'} ${line.issue.id}` : `group ${line.count}`,
  );

describe('the lines of the list', () => {
  it('are in the order given, numbered from one', () => {
    expect(shown(listLines([row('b'), row('a', { severity: 'critical' })], null))).toEqual(['1 b', '2 a']);
  });

  it('skip the number of a muted row, which keeps its place', () => {
    expect(shown(listLines([row('a'), row('b', { muted: true }), row('c')], null))).toEqual([
      '1 a',
      '- b',
      '2 c',
    ]);
  });

  it('go on with what is not admitted, in the order of everything', () => {
    const everything = [row('x', waiting), row('a'), row('y', waiting), row('b')];
    expect(shown(listLines([row('a'), row('b')], { everything, count: 2 }))).toEqual([
      '1 a',
      '2 b',
      'group 2',
      '3 x',
      '4 y',
    ]);
  });

  it('show an issue once that was taken in between the two answers', () => {
    const everything = [row('a', waiting), row('b', waiting)];
    expect(shown(listLines([row('a')], { everything, count: 1 }))).toEqual(['1 a', 'group 1', '2 b']);
  });

  it('have no empty group', () => {
    expect(shown(listLines([row('a')], { everything: [row('a')], count: 0 }))).toEqual(['1 a']);
  });
});

describe('the neighbour of an issue', () => {
  const lines = listLines([row('a')], { everything: [row('b', waiting), row('c', waiting)], count: 2 });

  it.each([
    [null, 1, 'a'],
    ['a', 1, 'b'],
    ['b', -1, 'a'],
    ['a', -1, 'a'],
    ['c', 1, 'c'],
    ['gone', 1, 'a'],
  ] as const)('of %s by %d is %s, across the head of the group', (id, by, expected) => {
    expect(neighbour(lines, id, by)?.id).toBe(expected);
  });

  it('of an empty list is none', () => {
    expect(neighbour([], 'a', 1)).toBeNull();
  });
});
