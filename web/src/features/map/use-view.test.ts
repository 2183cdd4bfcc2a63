import { expect, it } from 'vitest';
import { fitView, intoSight, zoomed } from './use-view.ts';

const box = { width: 1000, height: 700 };

it('shows the whole picture in the middle', () => {
  const { scale, x } = fitView({ width: 1100, height: 300 }, box);
  expect(1100 * scale).toBeCloseTo(1000 - 40);
  expect(x).toBeCloseTo(20);
});

it('draws little no larger than it can be read well, and much so that it can be read part by part', () => {
  expect(fitView({ width: 100, height: 50 }, box).scale).toBe(1.1);
  expect(fitView({ width: 1190, height: 50 }, box).scale).toBeCloseTo(960 / 1190);
  const wide = fitView({ width: 9000, height: 50 }, box);
  expect(wide).toMatchObject({ scale: 0.95, x: 20 });
  // Of somebody who reads at twice the size.
  expect(fitView({ width: 100, height: 50 }, box, 2).scale).toBe(2.2);
  expect(fitView({ width: 700, height: 50 }, box, 2).scale).toBe(1.9);
});

it('zooms about a point that stays, within bounds', () => {
  const at = { x: 300, y: 200 };
  const view = zoomed({ x: 100, y: 100, scale: 1 }, 2, at);
  expect(view).toEqual({ scale: 2, x: -100, y: 0 });
  expect(zoomed(view, 100, at).scale).toBe(4);
  expect(zoomed(view, 0.001, at).scale).toBe(0.25);
});

it('brings into sight what is not, and leaves what is', () => {
  expect(intoSight(100, 200, 500)).toBe(0);
  expect(intoSight(-80, 20, 500)).toBe(100);
  expect(intoSight(450, 550, 500)).toBe(-70);
  // Of what is larger than the window, the beginning.
  expect(intoSight(300, 1300, 500)).toBe(-280);
});
