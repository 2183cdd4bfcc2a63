import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphCases, graphOf, openEdges, reachedByGrowing } from './graph.test-suite.ts';
import { pathTo, shortestPaths, UNREACHED } from './shortest-paths.ts';

describe('shortest paths', () => {
  test.each([1, 4, 127])(
    'are those of relaxing all edges again and again, fewer edges first among equal costs (costs to %i)',
    (costsMax) => {
      fc.assert(
        fc.property(
          graphCases({ costsMax }),
          fc.constantFrom('forward', 'backward'),
          ({ graph, roots, closed }, direction) => {
            const edges = openEdges(graph, closed).map((edge) => ({
              ...edge,
              from: direction === 'forward' ? edge.tail : edge.head,
              to: direction === 'forward' ? edge.head : edge.tail,
            }));
            // Cost and hops as one number, and round by round for as many rounds as a path can have edges.
            const lengths = Array.from({ length: graph.nodeCount }, (_, node) =>
              roots.includes(node) ? 0 : Number.POSITIVE_INFINITY,
            );
            for (let round = 0; round < graph.nodeCount; round++)
              for (const { from, to, cost } of edges)
                lengths[to] = Math.min(lengths[to]!, lengths[from]! + cost * 1000 + 1);
            const found = shortestPaths(graph, roots, { direction, closed });
            for (let node = 0; node < graph.nodeCount; node++) {
              const length = lengths[node]!;
              const isReached = Number.isFinite(length);
              expect(found.costs[node]).toBe(isReached ? Math.floor(length / 1000) : UNREACHED);
              expect(found.hops[node]).toBe(isReached ? length % 1000 : -1);
              const last = edges
                .filter(({ from, to, cost }) => to === node && lengths[from]! + cost * 1000 + 1 === length)
                .toSorted((a, b) => a.rank - b.rank)[0];
              expect(found.via[node]).toBe(isReached && length > 0 ? last?.edge : -1);
            }
          },
        ),
      );
    },
  );

  test('are read out in the order in which they are walked', () => {
    fc.assert(
      fc.property(
        graphCases(),
        fc.constantFrom('forward', 'backward'),
        ({ graph, roots, closed }, direction) => {
          const found = shortestPaths(graph, roots, { direction, closed });
          const reached = reachedByGrowing(
            openEdges(graph, closed).map(({ tail, head, ...edge }) =>
              direction === 'forward' ? { ...edge, tail, head } : { ...edge, tail: head, head: tail },
            ),
            roots,
          );
          for (let node = 0; node < graph.nodeCount; node++) {
            const path = pathTo(graph, found, node);
            expect(path !== null).toBe(reached.has(node));
            if (path === null) continue;
            const stations = [...path].map((edge) => [graph.tails[edge]!, graph.heads[edge]!]);
            const first = stations[0]?.[0] ?? node;
            const last = stations.at(-1)?.[1] ?? node;
            expect(direction === 'forward' ? last : first).toBe(node);
            expect(roots).toContain(direction === 'forward' ? first : last);
            for (let i = 1; i < stations.length; i++) expect(stations[i]![0]).toBe(stations[i - 1]![1]);
            expect(path.reduce((sum, edge) => sum + graph.costs[edge]!, 0)).toBe(found.costs[node]);
          }
        },
      ),
    );
  });

  test('change with an edge more only where they take it', () => {
    fc.assert(
      fc.property(
        graphCases({ nodesMin: 1, costsMax: 2 }),
        fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 3 })),
        ({ graph, roots }, [tail, head, cost]) => {
          const listed = openEdges(graph).toSorted((a, b) => a.rank - b.rank);
          const added = listed.length;
          const more = graphOf(graph.nodeCount, [
            ...listed.map((edge) => [edge.tail, edge.head, edge.cost] as const),
            [tail % graph.nodeCount, head % graph.nodeCount, cost],
          ]);
          const before = shortestPaths(graph, roots);
          const after = shortestPaths(more, roots);
          for (let node = 0; node < graph.nodeCount; node++) {
            const path = [...(pathTo(more, after, node) ?? [])].map((edge) => more.ranks[edge]);
            if (path.includes(added)) continue;
            expect(path).toEqual([...(pathTo(graph, before, node) ?? [])].map((edge) => graph.ranks[edge]));
          }
        },
      ),
    );
  });

  test('of equal cost and equally many edges fall to the edge that was listed first', () => {
    const graph = graphOf(4, [
      [2, 3, 1],
      [0, 2, 1],
      [0, 1, 1],
      [1, 3, 1],
    ]);
    const path = pathTo(graph, shortestPaths(graph, [0]), 3);
    expect([...(path ?? [])].map((edge) => graph.ranks[edge])).toEqual([1, 0]);
  });

  test('go on when a ring of buckets is gone round many times and a bucket grows', () => {
    const chain = Array.from({ length: 300 }, (_, i) => [i, i + 1, 127] as const);
    const star = Array.from({ length: 500 }, (_, i) => [300, 301 + i, 127] as const);
    const found = shortestPaths(graphOf(801, [...chain, ...star]), [0]);
    expect(found.costs[800]).toBe(301 * 127);
    expect(found.hops[800]).toBe(301);
  });
});
