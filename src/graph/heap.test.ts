import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap } from './heap.ts';

test('gives back what it was given in order, also when things come in between', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer(), { freq: 2 }), { maxLength: 100, size: 'max' }), (steps) => {
      const heap = new Heap<number>((a, b) => a - b);
      const model: number[] = [];
      for (const step of steps) {
        if (step === null) {
          expect(heap.pop()).toBe(model.shift());
        } else {
          heap.push(step);
          model.push(step);
          model.sort((a, b) => a - b);
        }
      }
      for (const expected of [...model, undefined]) expect(heap.pop()).toBe(expected);
    }),
  );
});
