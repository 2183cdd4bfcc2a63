import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphCases, graphOf } from './graph.test-suite.ts';
import { buildGraph } from './graph.ts';

describe('a graph', () => {
  test('numbers edges by their tail, then as they were listed, and leads back to the list', () => {
    const graph = graphOf(3, [
      [2, 0, 5],
      [0, 1, 6],
      [2, 2, 7],
      [0, 1, 8],
    ]);
    expect([...graph.ranks]).toEqual([1, 3, 0, 2]);
    expect([...graph.tails]).toEqual([0, 0, 2, 2]);
    expect([...graph.heads]).toEqual([1, 1, 0, 2]);
    expect([...graph.costs]).toEqual([6, 8, 5, 7]);
    expect([...graph.out.start]).toEqual([0, 2, 2, 4]);
    expect([...graph.into.start]).toEqual([0, 1, 3, 4]);
    expect([...graph.into.edges]).toEqual([2, 0, 1, 3]);
  });

  test('of nothing has nothing', () => {
    const graph = graphOf(0, []);
    expect([graph.nodeCount, graph.edgeCount, [...graph.out.start], [...graph.into.start]]).toEqual([
      0,
      0,
      [0],
      [0],
    ]);
  });

  test('keeps every edge once in each direction, parallel ones and self loops too', () => {
    fc.assert(
      fc.property(graphCases(), ({ graph }) => {
        for (const [rows, from, to] of [
          [graph.out, graph.tails, graph.heads],
          [graph.into, graph.heads, graph.tails],
        ] as const) {
          expect([...rows.edges].toSorted((a, b) => a - b)).toEqual([...graph.out.edges]);
          for (let node = 0; node < graph.nodeCount; node++)
            for (let slot = rows.start[node]!; slot < rows.start[node + 1]!; slot++) {
              const edge = rows.edges[slot]!;
              expect([from[edge], to[edge], graph.costs[edge]]).toEqual([
                node,
                rows.nodes[slot],
                rows.costs[slot],
              ]);
            }
        }
        expect([...graph.ranks].toSorted((a, b) => a - b)).toEqual([...graph.ranks.keys()]);
      }),
    );
  });

  test.each([
    ['a node that is not there', [0], [3], [1], 'leads from 0 to 3'],
    ['a negative node', [-1], [0], [1], 'leads from -1 to 0'],
    ['no cost', [0], [1], [0], 'costs 0'],
    ['a cost beyond 127', [0], [1], [128], 'costs 128'],
    ['columns of unlike length', [0, 1], [1], [1], 'differ in length: 2, 1, 1'],
  ])('refuses %s', (_, tails, heads, costs, message) => {
    const list = {
      nodeCount: 3,
      tails: Int32Array.from(tails),
      heads: Int32Array.from(heads),
      costs: Uint8Array.from(costs),
    };
    expect(() => buildGraph(list)).toThrow(message);
  });

  test('refuses more nodes than lengths of paths can count', () => {
    const none = { tails: new Int32Array(), heads: new Int32Array(), costs: new Uint8Array() };
    expect(() => buildGraph({ nodeCount: 2 ** 22 + 1, ...none })).toThrow('0 to 4194304 nodes');
    expect(() => buildGraph({ nodeCount: Number.NaN, ...none })).toThrow('not NaN');
  });
});
