import { describe, expect, it } from 'vitest';
import { switchedTheme } from './theme.ts';

describe('the switch of the theme', () => {
  it.each([
    [null, 'light', 'dark'],
    [null, 'dark', 'light'],
    ['dark', 'light', null],
    ['light', 'dark', null],
    ['light', 'light', 'dark'],
  ] as const)('from %s on a %s system leads to %s', (chosen, system, kept) => {
    expect(switchedTheme(chosen, system)).toBe(kept);
  });
});
