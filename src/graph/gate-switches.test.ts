import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GateSwitches } from './gate-switches.ts';
import { buildGates, maskOfGates } from './gates.ts';
import { graphCases } from './graph.test-suite.ts';

test('the edges that switches tell to close and to open are those by which the masks differ', () => {
  fc.assert(
    fc.property(
      graphCases({ edgesMax: 10 }),
      fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 5 })), { minLength: 10, maxLength: 10 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { maxLength: 40, size: 'max' }),
      ({ graph }, listed, steps) => {
        const gates = buildGates(graph, 6, listed.slice(0, graph.edgeCount));
        const switches = new GateSwitches(gates);
        const shut = new Set<number>();
        for (const [gate, isShut] of steps) {
          const before = maskOfGates(gates, shut);
          if (isShut) shut.add(gate);
          else shut.delete(gate);
          const after = maskOfGates(gates, shut);
          expect(isShut ? switches.shut(gate) : switches.reopen(gate)).toEqual(
            [...graph.out.edges].filter((edge) => before[edge] !== after[edge]),
          );
        }
      },
    ),
  );
});
