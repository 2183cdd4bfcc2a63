import { expect, it } from 'vitest';
import { areaPath, linePath, niceTop, spreadLabels } from './plot.ts';

it.each([
  [1, 1],
  [3, 4],
  [4, 4],
  [91, 100],
  [101, 200],
  [0.5, 0.8],
  [1_204, 2_000],
])('a scale up to %d ends at %d', (most, top) => {
  expect(niceTop(most)).toBeCloseTo(top);
});

it('draws lines and what is between two of them', () => {
  const upper = [
    { x: 0, y: 1 },
    { x: 10, y: 2.04 },
  ];
  expect(linePath(upper)).toBe('M0 1L10 2');
  expect(
    areaPath(upper, [
      { x: 0, y: 5 },
      { x: 10, y: 5 },
    ]),
  ).toBe('M0 1L10 2L10 5L0 5Z');
  expect(areaPath([], [])).toBe('');
});

it('keeps labels apart and within the plot', () => {
  expect(spreadLabels([10, 12, 90], 17, 100)).toEqual([10, 27, 90]);
  expect(spreadLabels([98, 99, 100], 17, 100)).toEqual([66, 83, 100]);
});
