import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dominates, dominators, subtreeSums } from './dominators.ts';
import { graphCases, graphOf, openEdges, reachedByGrowing } from './graph.test-suite.ts';

const size = { nodesMin: 1, nodesMax: 14, edgesMax: 34 };

/** By node, all without which the root does not reach it: by taking each node away. */
function lostWithout(edges: ReturnType<typeof openEdges>, root: number, reached: ReadonlySet<number>) {
  return new Map(
    [...reached].map((node) => {
      const left =
        node === root
          ? new Set<number>()
          : reachedByGrowing(
              edges.filter(({ tail, head }) => tail !== node && head !== node),
              [root],
            );
      return [node, new Set([...reached].filter((other) => !left.has(other)))];
    }),
  );
}

describe('dominators', () => {
  test('are the nodes without which another is lost, and sums are the values that are lost with them', () => {
    fc.assert(
      fc.property(graphCases(size), fc.nat(), ({ graph, closed }, pick) => {
        const root = pick % graph.nodeCount;
        const edges = openEdges(graph, closed);
        const reached = reachedByGrowing(edges, [root]);
        const lost = lostWithout(edges, root, reached);
        const tree = dominators(graph, root, closed);
        const values = Array.from({ length: graph.nodeCount }, (_, node) => node * node + 1);
        const sums = subtreeSums(tree, values);
        expect(new Set(tree.order)).toEqual(reached);
        expect(tree.order.length).toBe(reached.size);
        for (let node = 0; node < graph.nodeCount; node++) {
          const without = lost.get(node) ?? new Set();
          for (let other = 0; other < graph.nodeCount; other++)
            expect(dominates(tree, node, other)).toBe(without.has(other));
          expect(tree.sizes[node]).toBe(without.size);
          expect(sums[node]).toBe([...without].reduce((sum, other) => sum + values[other]!, 0));
          const above = [...reached].filter((other) => other !== node && lost.get(other)?.has(node));
          // The nearest of them is the one that all the others dominate.
          const nearest = above.find((other) => above.every((one) => lost.get(one)?.has(other)));
          expect(tree.parents[node]).toBe(nearest ?? -1);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('stand in the order before all that they dominate', () => {
    fc.assert(
      fc.property(graphCases(size), ({ graph, closed }) => {
        const { order, parents } = dominators(graph, 0, closed);
        for (const [place, node] of order.entries())
          if (place > 0) expect(order.indexOf(parents[node]!)).toBeLessThan(place);
      }),
    );
  });

  test('of a long chain need no stack', () => {
    const length = 20_000;
    const graph = graphOf(
      length + 1,
      Array.from({ length }, (_, i) => [i, i + 1] as const),
    );
    const tree = dominators(graph, 0);
    expect(tree.parents[length]).toBe(length - 1);
    expect(tree.sizes[0]).toBe(length + 1);
  });
});
