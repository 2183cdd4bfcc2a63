import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COST_MAX, NODES_MAX } from './graph.ts';
import { costOfLength, edgeLength, hopsOfLength } from './path-length.ts';
import { UNREACHED } from './shortest-paths.ts';

test('orders as cost and then edges do, and gives both back, up to the longest path of the largest graph', () => {
  const path = fc
    .integer({ min: 1, max: NODES_MAX - 1 })
    .chain((hops) =>
      fc.record({ hops: fc.constant(hops), cost: fc.integer({ min: hops, max: hops * COST_MAX }) }),
    );
  // The whole cost on one edge, and the other edges for nothing, is the same sum.
  const lengthOf = ({ cost, hops }: { cost: number; hops: number }) =>
    edgeLength(cost) + (hops - 1) * edgeLength(0);
  fc.assert(
    fc.property(path, path, (a, b) => {
      expect([costOfLength(lengthOf(a)), hopsOfLength(lengthOf(a))]).toEqual([a.cost, a.hops]);
      expect(Math.sign(lengthOf(a) - lengthOf(b))).toBe(Math.sign(a.cost - b.cost || a.hops - b.hops));
    }),
  );
  const longest = lengthOf({ cost: (NODES_MAX - 1) * COST_MAX, hops: NODES_MAX - 1 });
  expect(Number.isSafeInteger(longest)).toBe(true);
  expect(costOfLength(longest)).toBeLessThan(UNREACHED);
});

test('of no path is unreached', () => {
  expect(costOfLength(Number.POSITIVE_INFINITY)).toBe(UNREACHED);
  expect(hopsOfLength(Number.POSITIVE_INFINITY)).toBe(-1);
});
