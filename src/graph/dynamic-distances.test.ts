import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DynamicDistances } from './dynamic-distances.ts';
import { graphCases, graphOf } from './graph.test-suite.ts';
import type { Graph } from './graph.ts';
import { pathTo, type ShortestPaths, shortestPaths } from './shortest-paths.ts';

/** The first node of which the distances and a new search say different things, -1 when there is none. */
function firstDifference(graph: Graph, dynamic: DynamicDistances, fresh: ShortestPaths): number {
  for (let node = 0; node < graph.nodeCount; node++)
    if (dynamic.costOf(node) !== fresh.costs[node] || dynamic.hopsOf(node) !== fresh.hops[node]) return node;
  return -1;
}

function hasMoved(before: ShortestPaths, after: ShortestPaths, node: number): boolean {
  return before.costs[node] !== after.costs[node] || before.hops[node] !== after.hops[node];
}

/** Numbers below a bound, the same ones in every run. */
function numbersFrom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

describe('dynamic distances', () => {
  test('equal what is found anew after each change, their paths too', () => {
    fc.assert(
      fc.property(
        graphCases({ nodesMin: 1, nodesMax: 10, edgesMax: 24 }),
        fc.array(fc.nat(), { maxLength: 30, size: 'max' }),
        ({ graph, roots, closed }, flips) => {
          fc.pre(graph.edgeCount > 0);
          const dynamic = new DynamicDistances(graph, roots, closed);
          const mask = closed?.slice() ?? new Uint8Array(graph.edgeCount);
          for (const flip of flips) {
            const edge = flip % graph.edgeCount;
            dynamic.flip([edge]);
            mask[edge] = 1 - mask[edge]!;
            const after = shortestPaths(graph, roots, { closed: mask });
            expect(firstDifference(graph, dynamic, after)).toBe(-1);
            for (let node = 0; node < graph.nodeCount; node++) {
              expect(dynamic.pathTo(node)).toEqual(pathTo(graph, after, node));
            }
          }
        },
      ),
    );
  });

  test('equal what is found anew after many edges change together, ties of paths too', () => {
    fc.assert(
      fc.property(
        graphCases({ nodesMin: 1, nodesMax: 10, edgesMax: 24 }),
        fc.array(fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }), { maxLength: 6 }),
        ({ graph, roots, closed }, masks) => {
          const dynamic = new DynamicDistances(graph, roots, closed);
          let mask = closed?.slice() ?? new Uint8Array(graph.edgeCount);
          for (const bits of masks) {
            const next = Uint8Array.from({ length: graph.edgeCount }, (_, edge) => Number(bits[edge % 24]));
            dynamic.flip([...next.keys()].filter((edge) => next[edge] !== mask[edge]));
            mask = next;
            const after = shortestPaths(graph, roots, { closed: mask });
            expect(firstDifference(graph, dynamic, after)).toBe(-1);
            for (let node = 0; node < graph.nodeCount; node++)
              expect(dynamic.pathTo(node)).toEqual(pathTo(graph, after, node));
          }
        },
      ),
    );
  });

  test('equal what is found anew after each of 100,000 random flips', () => {
    const next = numbersFrom(20_261_128);
    const nodeCount = 24;
    const edges = Array.from({ length: 60 }, () => [next(nodeCount), next(nodeCount), 1 + next(9)] as const);
    const graph = graphOf(nodeCount, edges);
    const roots = [0, 1];
    const dynamic = new DynamicDistances(graph, roots);
    const mask = new Uint8Array(graph.edgeCount);
    let changes = 0;
    let before = shortestPaths(graph, roots);
    for (let flip = 0; flip < 100_000; flip++) {
      const edge = next(graph.edgeCount);
      dynamic.flip([edge]);
      mask[edge] = 1 - mask[edge]!;
      const after = shortestPaths(graph, roots, { closed: mask });
      const wrong = firstDifference(graph, dynamic, after);
      const moved = after.hops.reduce((count, _, node) => count + Number(hasMoved(before, after, node)), 0);
      if (wrong !== -1) expect.fail(`flip ${flip} of edge ${edge}: node ${wrong}`);
      changes += moved;
      before = after;
    }
    expect(changes).toBeGreaterThan(10_000);
  });

  test('take the edge that was listed first of several that are as good when the best one closes', () => {
    const list = [
      [2, 3, 2],
      [1, 3, 2],
      [0, 3, 1],
      [0, 1, 1],
      [0, 2, 1],
    ] as const;
    const graph = graphOf(4, list);
    const dynamic = new DynamicDistances(graph, [0]);
    dynamic.flip([graph.ranks.indexOf(2)]);
    expect([...(dynamic.pathTo(3) ?? [])].map((edge) => graph.ranks[edge])).toEqual([4, 0]);
  });

  test('are not moved by what becomes of the mask that they were made with', () => {
    const mask = Uint8Array.of(1);
    const dynamic = new DynamicDistances(graphOf(2, [[0, 1, 3]]), [0], mask);
    mask[0] = 0;
    expect(dynamic.hopsOf(1)).toBe(-1);
    dynamic.flip([0]);
    expect(dynamic.hopsOf(1)).toBe(1);
  });
});
