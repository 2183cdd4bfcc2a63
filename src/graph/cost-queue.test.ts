import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CostQueue } from './cost-queue.ts';
import { COST_MAX, NODES_MAX } from './graph.ts';

/** What is taken at each cost until nothing waits. */
function takenOf(queue: CostQueue, meanwhile: (cost: number) => void = () => undefined) {
  const taken: { readonly cost: number; readonly nodes: readonly number[] }[] = [];
  for (let count = queue.take(); count > 0; count = queue.take()) {
    taken.push({ cost: queue.cost, nodes: [...queue.nodes.subarray(0, count)] });
    meanwhile(queue.cost);
  }
  return taken;
}

test('takes all nodes of a cost at once, the least first, those that come meanwhile as well, and begins anew when it is empty', () => {
  // Near each other and far apart: of one digit and of as many as the longest path has.
  const cost = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: COST_MAX * (NODES_MAX - 1) }));
  const waiting = fc.array(fc.tuple(cost, fc.nat({ max: 9 })), { maxLength: 60 });
  fc.assert(
    fc.property(
      waiting,
      fc.array(fc.tuple(fc.integer({ min: 1, max: COST_MAX }), fc.nat({ max: 9 })), { maxLength: 20 }),
      waiting,
      (first, meanwhile, second) => {
        const queue = new CostQueue();
        for (const round of [first, second]) {
          const all = [...round];
          for (const [each, node] of round) queue.push(each, node);
          const later = [...meanwhile];
          const taken = takenOf(queue, (now) => {
            const [more, node] = later.pop() ?? [0, 0];
            if (more === 0) return;
            queue.push(now + more, node);
            all.push([now + more, node]);
          });
          const costs = [...new Set(all.map(([each]) => each))].sort((a, b) => a - b);
          expect(taken.map((each) => each.cost)).toEqual(costs);
          for (const { cost: at, nodes } of taken)
            expect(nodes.toSorted()).toEqual(
              all.flatMap(([each, node]) => (each === at ? [node] : [])).sort(),
            );
        }
      },
    ),
  );
});

test('has room for more nodes at one cost than it begins with', () => {
  const queue = new CostQueue();
  const nodes = Array.from({ length: 1_000 }, (_, node) => node);
  for (const node of nodes) queue.push(3, node);
  for (const node of nodes) queue.push(5_000, node);
  expect(takenOf(queue)).toEqual([
    { cost: 3, nodes },
    { cost: 5_000, nodes },
  ]);
});
