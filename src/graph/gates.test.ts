import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildGates, gatesOfEdges, maskOfGates } from './gates.ts';
import { graphCases, graphOf } from './graph.test-suite.ts';

describe('gates', () => {
  test('lead from edges to gates and back, and a mask closes what needs one of them', () => {
    fc.assert(
      fc.property(
        graphCases({ edgesMax: 10 }),
        fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 5 })), { minLength: 10, maxLength: 10 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 5 })),
        ({ graph }, listed, shut) => {
          const gatesOfEdge = listed.slice(0, graph.edgeCount);
          const gates = buildGates(graph, 6, gatesOfEdge);
          const ofEdge = (edge: number) => gatesOfEdge[graph.ranks[edge]!]!;
          for (let edge = 0; edge < graph.edgeCount; edge++)
            expect([...gates.gates.slice(gates.gateStart[edge], gates.gateStart[edge + 1])]).toEqual(
              ofEdge(edge),
            );
          const edges = [...graph.out.edges];
          for (let gate = 0; gate < 6; gate++)
            expect([...gates.edges.slice(gates.edgeStart[gate], gates.edgeStart[gate + 1])]).toEqual(
              edges.filter((edge) => ofEdge(edge).includes(gate)),
            );
          const expected = edges.map((edge) => Number(ofEdge(edge).some((gate) => shut.includes(gate))));
          expect([...maskOfGates(gates, shut)]).toEqual(expected);
          const some = edges.filter((edge) => edge % 2 === 0).toReversed();
          const ofSome = gatesOfEdges(gates, Int32Array.from(some));
          expect([...maskOfGates(ofSome, shut)]).toEqual(some.map((edge) => expected[edge]));
          for (const [place, edge] of some.entries())
            expect([...ofSome.gates.slice(ofSome.gateStart[place], ofSome.gateStart[place + 1])]).toEqual(
              ofEdge(edge),
            );
          const used = new Uint8Array(graph.edgeCount).fill(1);
          expect(maskOfGates(gates, shut, used)).toBe(used);
          expect([...used]).toEqual(expected);
        },
      ),
    );
  });

  test.each([
    [2, [[2]], 'Gate 2 is none of 2'],
    [2, [[-1]], 'Gate -1 is none of 2'],
    [-1, [[]], '0 to 4194304 gates, not -1'],
  ])('of %i refuse %j', (gateCount, gatesOfEdge, message) => {
    expect(() => buildGates(graphOf(1, [[0, 0]]), gateCount, gatesOfEdge)).toThrow(message);
  });
});
