import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestPaths } from './best-paths.ts';
import { allLooplessPaths, graphCases, graphOf, openEdges } from './graph.test-suite.ts';
import { pathTo, shortestPaths } from './shortest-paths.ts';

/** Cost, then edges, then the ranks from the far end on. */
function naiveOrder(paths: ReturnType<typeof allLooplessPaths>) {
  const cost = (path: ReturnType<typeof openEdges>) => path.reduce((sum, edge) => sum + edge.cost, 0);
  return paths.toSorted((a, b) => {
    if (cost(a) !== cost(b)) return cost(a) - cost(b);
    if (a.length !== b.length) return a.length - b.length;
    for (let i = a.length - 1; i >= 0; i--) if (a[i] !== b[i]) return a[i]!.rank - b[i]!.rank;
    return 0;
  });
}

describe('the best paths', () => {
  test.each([
    { costsMax: 1, nodesMax: 7, edgesMax: 16 },
    { costsMax: 3, nodesMax: 7, edgesMax: 16 },
    { costsMax: 127, nodesMax: 6, edgesMax: 12 },
  ])('are all loopless ones in the order of cost, edges and list: %j', (size) => {
    fc.assert(
      fc.property(graphCases({ nodesMin: 1, ...size }), fc.nat(), ({ graph, roots, closed }, pick) => {
        const target = pick % graph.nodeCount;
        const found = shortestPaths(graph, roots, { closed });
        const all = [...bestPaths(graph, found, target, closed)];
        const expected = roots.includes(target)
          ? [[]]
          : naiveOrder(allLooplessPaths(openEdges(graph, closed), roots, target));
        expect(all.map(({ edges }) => edges)).toEqual(expected.map((path) => path.map(({ edge }) => edge)));
        expect(all.map(({ cost }) => cost)).toEqual(
          expected.map((path) => path.reduce((sum, edge) => sum + edge.cost, 0)),
        );
        const best = pathTo(graph, found, target);
        expect(all[0]?.edges ?? null).toEqual(best && [...best]);
      }),
      { numRuns: 400 },
    );
  });

  test('of a backward search are those of the graph turned round, read forward', () => {
    fc.assert(
      fc.property(
        graphCases({ nodesMin: 1, nodesMax: 7, edgesMax: 14, costsMax: 3 }),
        fc.nat(),
        ({ graph, roots, closed }, pick) => {
          const node = pick % graph.nodeCount;
          const edges = openEdges(graph, closed);
          const turned = edges.map((edge) => ({ ...edge, tail: edge.head, head: edge.tail }));
          const found = shortestPaths(graph, roots, { direction: 'backward', closed });
          const expected = roots.includes(node) ? [[]] : naiveOrder(allLooplessPaths(turned, roots, node));
          expect([...bestPaths(graph, found, node, closed)].map((path) => path.edges)).toEqual(
            expected.map((path) => path.map(({ edge }) => edge).toReversed()),
          );
        },
      ),
    );
  });

  test('are found one at a time where there are more than could ever be listed', () => {
    const layers = 40;
    const edges = Array.from({ length: layers }, (_, i) => [
      [i, i + 1, 1] as const,
      [i, i + 1, 2] as const,
      [i + 1, i, 1] as const,
    ]).flat();
    const graph = graphOf(layers + 1, edges);
    const found = bestPaths(graph, shortestPaths(graph, [0]), layers);
    const costs = Array.from({ length: 1 + layers + 50 }, () => found.next().value?.cost);
    expect(costs.slice(0, 1 + layers)).toEqual([layers, ...Array(layers).fill(layers + 1)]);
    expect(new Set(costs.slice(1 + layers))).toEqual(new Set([layers + 2]));
  });

  test('go round what the straight way back would pass twice', () => {
    // The best way from 2 onwards leads through 3, which the path has already; the detour leads over 4.
    const graph = graphOf(5, [
      [0, 3, 1],
      [3, 2, 1],
      [2, 3, 1],
      [0, 4, 50],
      [4, 2, 50],
    ]);
    const ways = [...bestPaths(graph, shortestPaths(graph, [0]), 3)].map(({ cost, edges }) => [
      cost,
      edges.map((edge) => graph.ranks[edge]),
    ]);
    expect(ways).toEqual([
      [1, [0]],
      [101, [3, 4, 2]],
    ]);
  });

  test('fall to the edge that was listed first also on a way round', () => {
    // From 6 the search itself goes back over 1, which the path has already; of the two ways round that are as good the
    // one over 6 comes first, because 6 to 1 was listed before 5 to 1.
    const graph = graphOf(7, [
      [0, 3, 1],
      [5, 3, 1],
      [0, 1, 2],
      [6, 1, 1],
      [5, 1, 2],
      [3, 5, 1],
      [1, 6, 1],
      [3, 6, 2],
    ]);
    const ways = [...bestPaths(graph, shortestPaths(graph, [0]), 1)].map(({ edges }) =>
      edges.map((edge) => graph.ranks[edge]),
    );
    expect(ways).toEqual([[2], [0, 7, 3], [0, 5, 4]]);
  });
});
