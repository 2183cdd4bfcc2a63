import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphCases, graphOf, openEdges, reachedByGrowing } from './graph.test-suite.ts';
import { reach } from './reach.ts';

test('reaches what growing a set reaches, forward and backward, around what is closed', () => {
  fc.assert(
    fc.property(
      graphCases(),
      fc.constantFrom('forward', 'backward'),
      ({ graph, roots, closed }, direction) => {
        const edges = openEdges(graph, closed);
        const walked =
          direction === 'forward'
            ? edges
            : edges.map((edge) => ({ ...edge, tail: edge.head, head: edge.tail }));
        const { hops, order } = reach(graph, roots, { direction, closed });
        const expected = reachedByGrowing(walked, roots);
        expect(new Set(order)).toEqual(expected);
        expect(order.length).toBe(expected.size);
        for (let node = 0; node < graph.nodeCount; node++) {
          const from = walked.filter(({ head }) => head === node).map(({ tail }) => hops[tail]!);
          const nearest = Math.min(...from.filter((count) => count >= 0));
          const wanted = roots.includes(node) ? 0 : expected.has(node) ? nearest + 1 : -1;
          expect(hops[node]).toBe(wanted);
        }
      },
    ),
  );
});

test('lists nearest nodes first, a root that is given twice once', () => {
  const graph = graphOf(5, [
    [3, 1],
    [3, 0],
    [1, 2],
    [2, 3],
  ]);
  const { order, hops } = reach(graph, [3, 3]);
  expect([...order]).toEqual([3, 1, 0, 2]);
  expect([...hops]).toEqual([1, 1, 2, 0, -1]);
});
