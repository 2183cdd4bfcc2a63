import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlastRadius } from './blast-radius.ts';
import { components } from './components.ts';
import { graphCases, graphOf, openEdges, reachedByGrowing } from './graph.test-suite.ts';

describe('the blast radius', () => {
  test('of every node is what it reaches, one by one, and its value their sum', () => {
    fc.assert(
      fc.property(graphCases(), ({ graph, targets, closed }) => {
        const radius = new BlastRadius(graph, components(graph, closed), targets, closed);
        const values = targets.map((_, index) => 10 ** index);
        const sums = radius.sums(values);
        for (let node = 0; node < graph.nodeCount; node++) {
          const reached = reachedByGrowing(openEdges(graph, closed), [node]);
          const expected = [...targets.keys()].filter((index) => reached.has(targets[index]!));
          expect(radius.targetsOf(node)).toEqual(expected);
          expect([...targets.keys()].filter((place) => radius.reaches(node, place))).toEqual(expected);
          expect(sums[node]).toBe(expected.reduce((sum, index) => sum + values[index]!, 0));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('counts more targets than a word has bits, the topmost bit included', () => {
    const count = 70;
    const edges = Array.from({ length: count }, (_, i) => [i + 1, i] as const);
    const graph = graphOf(count + 1, edges);
    const targets = Array.from({ length: count }, (_, i) => i);
    const radius = new BlastRadius(graph, components(graph), targets);
    expect(radius.targetsOf(count)).toEqual(targets);
    expect(radius.targetsOf(31)).toEqual(targets.slice(0, 32));
    expect(targets.filter((place) => radius.reaches(31, place))).toEqual(targets.slice(0, 32));
    expect(radius.sums(targets.map(() => 1))[count]).toBe(count);
  });
});
