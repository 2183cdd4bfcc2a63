import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NodeQueue } from './node-queue.ts';

test('gives the nodes in the order of their numbers, also beyond its first size', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.double({ noNaN: true }), { freq: 3 }), { maxLength: 300, size: 'max' }),
      (steps) => {
        const queue = new NodeQueue();
        const keys: number[] = [];
        const waiting = new Set<number>();
        for (const [node, step] of steps.entries()) {
          if (step === null) {
            const least = Math.min(...[...waiting].map((other) => keys[other]!));
            expect(queue.key).toBe(least);
            const popped = queue.pop();
            expect(popped === -1 ? Number.POSITIVE_INFINITY : keys[popped]).toBe(least);
            waiting.delete(popped);
          } else {
            keys[node] = step === 0 ? 0 : step;
            waiting.add(node);
            queue.push(keys[node], node);
          }
          expect(queue.size).toBe(waiting.size);
        }
        queue.clear();
        expect([queue.size, queue.key, queue.pop()]).toEqual([0, Number.POSITIVE_INFINITY, -1]);
      },
    ),
  );
});
