import { expect, it } from 'vitest';
import { requirementsText } from './requirements-text.ts';

it('names each framework once, in the order of its first requirement', () => {
  expect(
    requirementsText([
      { framework: 'CIS AWS 3.0.0', id: '5.2' },
      { framework: 'SOC 2', id: 'CC6.6' },
      { framework: 'CIS AWS 3.0.0', id: '5.3' },
    ]),
  ).toBe('CIS AWS 3.0.0 5.2, 5.3; SOC 2 CC6.6');
  expect(requirementsText([])).toBe('');
});
