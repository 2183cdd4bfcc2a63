import { expect, it } from 'vitest';
import { nextDensity } from './density.ts';

it('goes round', () => {
  expect(nextDensity('usual')).toBe('compact');
  expect(nextDensity('compact')).toBe('roomy');
  expect(nextDensity('roomy')).toBe('usual');
});
