import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphCases } from './graph.test-suite.ts';
import { pathTo, shortestPaths } from './shortest-paths.ts';
import { treeOrder } from './tree-order.ts';

test('all that hangs on a node comes right after it', () => {
  fc.assert(
    fc.property(graphCases({ nodesMin: 1, nodesMax: 10, edgesMax: 24 }), ({ graph, roots, closed }) => {
      const found = shortestPaths(graph, roots, closed === undefined ? {} : { closed });
      const { places, weights } = treeOrder(graph, found.via);
      const nodes = [...places.keys()];
      expect([...places].sort((a, b) => a - b)).toEqual(nodes);
      const passes = (node: number, other: number) =>
        other === node || (pathTo(graph, found, other) ?? []).some((edge) => graph.tails[edge] === node);
      for (const node of nodes)
        expect(
          nodes
            .filter((other) => passes(node, other))
            .map((other) => places[other]!)
            .sort((a, b) => a - b),
        ).toEqual(Array.from({ length: weights[node]! }, (_, at) => places[node]! + at));
    }),
  );
});
