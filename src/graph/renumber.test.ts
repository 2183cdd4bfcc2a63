import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphCases, graphOf } from './graph.test-suite.ts';
import { buildGraph } from './graph.ts';
import { breadthFirstNumbers, renumberEdges } from './renumber.ts';
import { pathTo, shortestPaths } from './shortest-paths.ts';

test('numbers nodes as a search meets them, the others behind in their order', () => {
  const graph = graphOf(6, [
    [4, 2],
    [4, 1],
    [2, 0],
    [5, 3],
  ]);
  expect([...breadthFirstNumbers(graph, [4])]).toEqual([3, 2, 1, 4, 0, 5]);
});

test('changes no answer: the same paths by the same edges of the list', () => {
  fc.assert(
    fc.property(graphCases({ costsMax: 2 }), ({ graph, roots }) => {
      const numbers = breadthFirstNumbers(graph, roots);
      expect([...numbers].toSorted((a, b) => a - b)).toEqual([...numbers.keys()]);
      const listed = [...graph.ranks.keys()].map((rank) => graph.ranks.indexOf(rank));
      const list = {
        nodeCount: graph.nodeCount,
        tails: Int32Array.from(listed, (edge) => graph.tails[edge]!),
        heads: Int32Array.from(listed, (edge) => graph.heads[edge]!),
        costs: Uint8Array.from(listed, (edge) => graph.costs[edge]!),
      };
      const renumbered = buildGraph(renumberEdges(list, numbers));
      const before = shortestPaths(graph, roots);
      const after = shortestPaths(
        renumbered,
        roots.map((root) => numbers[root]!),
      );
      for (let node = 0; node < graph.nodeCount; node++) {
        const path = pathTo(graph, before, node);
        const same = pathTo(renumbered, after, numbers[node]!);
        expect(same && [...same].map((edge) => renumbered.ranks[edge])).toEqual(
          path && [...path].map((edge) => graph.ranks[edge]),
        );
      }
    }),
  );
});
