import { describe, expect, it, test } from 'vitest';
import { someIssue as row } from './issue-row.test-sample.ts';
import { groupLines, listLines, neighbour } from './list-lines.ts';

const waiting = { admittedBy: [] };
const shown = (lines: ReturnType<typeof listLines>) =>
  lines.map((line) =>
    line.kind === 'issue'
      ? `${line.rank ?? '-'} ${line.issue.id}`
      : line.kind === 'waiting'
        ? `group ${line.count}`
        : line.kind === 'group'
          ? `${line.isFolded ? 'folded' : 'head'} ${line.group.title}`
          : `${line.left} more, at ${line.from ?? '-'}`,
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
    expect(neighbour(lines, id, by)?.issue.id).toBe(expected);
  });

  it('of an empty list is none', () => {
    expect(neighbour([], 'a', 1)).toBeNull();
  });
});

test('the line of an issue stays the same one when more follow, and is another one when its number is', () => {
  const [a, b, c] = [row('a'), row('b'), row('c')];
  const before = listLines([a, b], null);
  expect(listLines([a, b, c], null).map((line, index) => line === before[index])).toEqual([
    true,
    true,
    false,
  ]);
  expect(listLines([b], null)[0]).toMatchObject({ key: 'b', rank: 1 });
  expect(listLines([a, b], null)[1]).toMatchObject({ key: 'b', rank: 2 });
});

describe('the lines of a list in groups', () => {
  const group = (title: string, issues: number, ...first: string[]) => ({
    name: title,
    title,
    query: `fix:${title}`,
    issues,
    bySeverity: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    overdue: 0,
    first: first.map((id, index) => ({ issue: row(id), place: index + 3 })),
    nextPlace: issues > first.length ? 58 : null,
  });
  const groups = [group('x', 3, 'a', 'b'), group('y', 1, 'a')];
  const none = new Set<string>();

  it('are heads with their first issues, at their places in the whole list, and what is left', () => {
    expect(shown(groupLines(groups, none, new Map()))).toEqual([
      'head x',
      '3 a',
      '4 b',
      '1 more, at 58',
      'head y',
      '3 a',
    ]);
  });

  it('of a folded group are its head, of an opened one all that was read', () => {
    const members = new Map([['fix:x', [row('a'), row('b'), row('c')]]]);
    expect(shown(groupLines(groups, new Set(['fix:y']), members))).toEqual([
      'head x',
      '3 a',
      '4 b',
      '- c',
      'folded y',
    ]);
  });

  it('are walked one after another, also where an issue stands in two groups', () => {
    const lines = groupLines(groups, none, new Map());
    const walked = [];
    let at = neighbour(lines, null, 1);
    for (let step = 0; step < 4; step++) {
      walked.push(at?.key);
      at = neighbour(lines, at?.key ?? null, 1);
    }
    expect(walked).toEqual(['a fix:x', 'b fix:x', 'a fix:y', 'a fix:y']);
  });
});
