import { expect, it } from 'vitest';
import { panelWidth } from './panel-edge.tsx';

it.each([
  ['520', 520],
  ['90', 400],
  ['2000', 760],
  ['wide', null],
  [null, null],
])('of %s the panel is %s wide', (kept, width) => {
  expect(panelWidth(kept)).toBe(width);
});
