import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphCases } from './graph.test-suite.ts';
import { costOfLength, hopsOfLength } from './path-length.ts';
import { findShortestLengths } from './shortest-lengths.ts';
import { shortestPaths } from './shortest-paths.ts';

test.each([1, 4, 127])(
  'are those of the shortest paths, whatever the array held before (costs to %i)',
  (costsMax) => {
    fc.assert(
      fc.property(
        graphCases({ costsMax }),
        fc.double({ noNaN: true }),
        ({ graph, roots, closed }, before) => {
          const lengths = new Float64Array(graph.nodeCount).fill(before);
          findShortestLengths(graph, roots, closed ?? new Uint8Array(graph.edgeCount), lengths);
          const { costs, hops } = shortestPaths(graph, roots, { closed });
          expect(Int32Array.from(lengths, costOfLength)).toEqual(costs);
          expect(Int32Array.from(lengths, hopsOfLength)).toEqual(hops);
        },
      ),
    );
  },
);
