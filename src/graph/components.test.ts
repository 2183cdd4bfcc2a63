import fc from 'fast-check';
import { expect, test } from 'vitest';
import { components } from './components.ts';
import { graphCases, graphOf, openEdges, reachedByGrowing } from './graph.test-suite.ts';

test('two nodes are in one component when each leads to the other, and no edge leads to a higher number', () => {
  fc.assert(
    fc.property(graphCases(), ({ graph, closed }) => {
      const edges = openEdges(graph, closed);
      const { of, count } = components(graph, closed);
      const reached = Array.from({ length: graph.nodeCount }, (_, node) => reachedByGrowing(edges, [node]));
      for (let a = 0; a < graph.nodeCount; a++)
        for (let b = 0; b < graph.nodeCount; b++)
          expect(of[a] === of[b]).toBe(reached[a]!.has(b) && reached[b]!.has(a));
      for (const { tail, head } of edges) expect(of[head]).toBeLessThanOrEqual(of[tail]!);
      expect([...new Set(of)].toSorted((a, b) => a - b)).toEqual([...Array(count).keys()]);
    }),
    { numRuns: 300 },
  );
});

test('a long circle needs no stack', () => {
  const length = 20_000;
  const circle = Array.from({ length }, (_, i) => [i, (i + 1) % length] as const);
  expect(components(graphOf(length, circle)).count).toBe(1);
});
