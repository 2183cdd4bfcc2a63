import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dominators } from './dominators.ts';
import { graphCases, graphOf, openEdges, reachedByGrowing } from './graph.test-suite.ts';
import { strongBridges } from './strong-bridges.ts';

test('are the edges without which a node is lost, by taking each edge away', () => {
  fc.assert(
    fc.property(graphCases({ nodesMin: 1, edgesMax: 20 }), fc.nat(), ({ graph, closed }, pick) => {
      const root = pick % graph.nodeCount;
      const edges = openEdges(graph, closed);
      const reached = reachedByGrowing(edges, [root]);
      const expected = new Int32Array(graph.nodeCount).fill(-1);
      for (const { edge, head } of edges) {
        const left = reachedByGrowing(
          edges.filter((other) => other.edge !== edge),
          [root],
        );
        if (reached.has(head) && !left.has(head)) expected[head] = edge;
      }
      expect(strongBridges(graph, dominators(graph, root, closed), closed)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('are none of two parallel edges, and one beside a way back or a self loop', () => {
  const graph = graphOf(4, [
    [0, 1],
    [0, 1],
    [1, 2],
    [2, 2],
    [2, 3],
    [3, 2],
  ]);
  expect([...strongBridges(graph, dominators(graph, 0))]).toEqual([-1, -1, 2, 4]);
});
