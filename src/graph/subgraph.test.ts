import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphCases, openEdges, reachedByGrowing } from './graph.test-suite.ts';
import type { Graph } from './graph.ts';
import { pathTo, shortestPaths } from './shortest-paths.ts';
import { onTheWay, type Subgraph } from './subgraph.ts';

test('what is on the way holds all between roots and targets, nothing else, and the same paths', () => {
  fc.assert(
    fc.property(graphCases({ costsMax: 2 }), ({ graph, roots, targets, closed }) => {
      const edges = openEdges(graph, closed);
      const forward = reachedByGrowing(edges, roots);
      const backward = reachedByGrowing(
        edges.map((edge) => ({ ...edge, tail: edge.head, head: edge.tail })),
        targets,
      );
      const isOn = (node: number) => forward.has(node) && backward.has(node);
      const part = onTheWay(graph, roots, targets, closed);
      expect([...part.nodes]).toEqual([...Array(graph.nodeCount).keys()].filter(isOn));
      expect([...part.edges]).toEqual(
        edges.filter(({ tail, head }) => isOn(tail) && isOn(head)).map(({ edge }) => edge),
      );
      const ownNumber = (node: number) => part.nodes.indexOf(node);
      expect([...part.numbers]).toEqual([...Array(graph.nodeCount).keys()].map(ownNumber));
      for (const [own, edge] of part.edges.entries())
        expect([part.graph.tails[own], part.graph.heads[own], part.graph.costs[own]]).toEqual([
          ownNumber(graph.tails[edge]!),
          ownNumber(graph.heads[edge]!),
          graph.costs[edge],
        ]);
      expectSamePaths(graph, part, roots.filter(isOn), targets.filter(isOn), closed);
    }),
  );
});

function expectSamePaths(
  graph: Graph,
  part: Subgraph,
  roots: readonly number[],
  targets: readonly number[],
  closed: Uint8Array | undefined,
) {
  const own = (node: number) => part.numbers[node]!;
  const whole = shortestPaths(graph, roots, { closed });
  const ofPart = shortestPaths(part.graph, roots.map(own));
  for (const target of targets) {
    const path = pathTo(part.graph, ofPart, own(target));
    expect(path?.map((edge) => part.edges[edge]!) ?? null).toEqual(pathTo(graph, whole, target));
  }
}
