import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphCases } from './graph.test-suite.ts';
import { pathTo, shortestPaths } from './shortest-paths.ts';
import { treeWeights } from './tree-weights.ts';

test('count of each node the nodes whose path passes it, itself included', () => {
  fc.assert(
    fc.property(graphCases({ nodesMin: 1, nodesMax: 10, edgesMax: 24 }), ({ graph, roots, closed }) => {
      const found = shortestPaths(graph, roots, closed === undefined ? {} : { closed });
      const passed = new Int32Array(graph.nodeCount).fill(1);
      for (let node = 0; node < graph.nodeCount; node++)
        for (const edge of pathTo(graph, found, node) ?? []) passed[graph.tails[edge]!]!++;
      expect(treeWeights(graph, found.via)).toEqual(passed);
    }),
  );
});
