import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphCases } from './graph.test-suite.ts';
import { PathsAround } from './paths-around.ts';
import { pathTo, shortestPaths } from './shortest-paths.ts';

describe('paths around closed edges', () => {
  for (const size of [
    { nodesMin: 1, nodesMax: 10, edgesMax: 24 },
    { nodesMin: 20, nodesMax: 30, edgesMax: 90, costsMax: 3 },
    { nodesMin: 20, nodesMax: 30, edgesMax: 90, costsMax: 100 },
  ])
    test(`equal what is found anew, whatever was asked before, in graphs of up to ${size.nodesMax} nodes`, () => {
      fc.assert(
        fc.property(
          graphCases(size),
          fc.array(fc.array(fc.nat(), { maxLength: 12, size: 'max' }), { minLength: 1, maxLength: 5 }),
          fc.array(fc.nat(), { minLength: 1, maxLength: 12, size: 'max' }),
          ({ graph, roots }, sets, asked) => {
            const around = new PathsAround(graph, roots);
            for (const set of sets) {
              const closed = new Uint8Array(graph.edgeCount);
              if (graph.edgeCount > 0) for (const edge of set) closed[edge % graph.edgeCount] = 1;
              around.close(closed);
              const found = shortestPaths(graph, roots, { closed });
              for (const each of asked) {
                const node = each % graph.nodeCount;
                expect(around.costOf(node)).toBe(found.costs[node]);
                expect(around.hopsOf(node)).toBe(found.hops[node]);
                expect(around.pathTo(node)).toEqual(pathTo(graph, found, node));
              }
            }
          },
        ),
        { numRuns: 1000 },
      );
    });
});
