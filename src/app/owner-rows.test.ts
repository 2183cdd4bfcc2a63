import { expect, test } from 'vitest';
import { readOwnerRows } from './owner-rows.ts';

test.each([
  [
    'tags: [{tag: project, owner: research}]',
    [{ tag: 'project', value: '*', owner: 'research', note: null }],
    [],
    [],
  ],
  [
    'tags: [{tag: cc, value: 42, owner: a}, {tag: cc, value: 42, owner: b}]',
    [{ tag: 'cc', value: '42', owner: 'b', note: null }],
    [],
    [],
  ],
  [
    'exclusions: [{owner: ops}, {owner: ops, from: tag}]',
    [],
    [
      { owner: 'ops', from: null, note: null },
      { owner: 'ops', from: 'tag', note: null },
    ],
    [],
  ],
  ['tags: [x, {owner: a}, {tag: a}]', [], [], ['tags[0]', 'tags[1]', 'tags[2]']],
  ['exclusions: [{from: tag}, {owner: a, from: b}]', [], [], ['exclusions[0]', 'exclusions[1]']],
  ['tags:', [], [], []],
])('%s', (text, tags, exclusions, at) => {
  const rows = readOwnerRows(text);
  expect([rows.tags, rows.exclusions, rows.faults.map((fault) => fault.at)]).toEqual([tags, exclusions, at]);
});

test('there is no cap: thousands of rows count', () => {
  const tags = Array.from({ length: 3_000 }, (_, index) => ({ tag: 'cc', value: `${index}`, owner: 'a' }));
  expect(readOwnerRows(JSON.stringify({ tags })).tags).toHaveLength(3_000);
});

test.each(['', '[]', 'tags: x', 'tags: [', 'a: *b', 'other: []'])('%j is no such file', (text) => {
  expect(() => readOwnerRows(text)).toThrow(expect.objectContaining({ code: 'usage' }));
});
