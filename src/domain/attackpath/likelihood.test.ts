import fc from 'fast-check';
import { expect, test } from 'vitest';
import { costOfProbability, likelihoodOfCost, mostOfPath } from './likelihood.ts';

test.each([
  [1, 1],
  [0.95, 1],
  [0.85, 2],
  [0.5, 10],
  [0.1, 33],
  [0.000_1, 127],
])('a step of probability %f costs %i', (probability, cost) => {
  expect(costOfProbability(probability)).toBe(cost);
});

test('the likelihood of a path is the product of its steps, within a rounding of half a cost for each', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.01, max: 0.9, noNaN: true }), { maxLength: 12 }), (steps) => {
      const cost = steps.reduce((sum, probability) => sum + costOfProbability(probability), 0);
      const product = steps.reduce((all, probability) => all * probability, 1);
      expect(Math.abs(Math.log2(likelihoodOfCost(cost) / product))).toBeLessThanOrEqual(
        steps.length * 0.05 + 1e-9,
      );
    }),
  );
});

test('a path is at most as likely as the least likely of its steps, where they have one cause', () => {
  expect(mostOfPath(0.35, [0.95, 0.4, 0.95])).toBe(0.4);
  expect(mostOfPath(likelihoodOfCost(costOfProbability(0.000_1)), [0.000_1])).toBeGreaterThanOrEqual(0.000_1);
});
