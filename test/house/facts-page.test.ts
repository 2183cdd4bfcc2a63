import { expect, test } from 'vitest';
import { factsPage } from '../../tools/facts-page.ts';
import { GRAPH_KINDS } from '../../tools/graph-kinds.ts';
import { isTest, sourceFiles, textOf } from './tree.ts';

test('the page of facts is what the shapes say', () => {
  expect(
    textOf('docs/reference/facts.md'),
    'Write it anew: node bin/launch.mjs --run tools/write-facts-page.ts',
  ).toBe(factsPage());
});

test('each kind of the graph is read under a type of its own, or says why it needs none', () => {
  const sources = sourceFiles()
    .filter((path) => path.startsWith('src/') && !isTest(path))
    .map(textOf)
    .join('\n');
  const kinds = Object.values(GRAPH_KINDS).flat();
  expect(kinds.filter(({ types, why }) => types.length === 0 && why === undefined)).toEqual([]);
  const read = (type: string) => sources.includes(`'${type}'`) || sources.includes(`\n  ${type}: `);
  expect(kinds.flatMap(({ types }) => types).filter((type) => !read(type))).toEqual([]);
});
