import { expect, test } from 'vitest';
import { configuredGate, effortOf, findingGate } from './gate.ts';

test.each([
  ['a rule of a network', configuredGate('network_rule', 'r', 'close it'), 1],
  ['a setting', configuredGate('setting', 's', 'turn it over'), 1],
  ['statements of policies', configuredGate('statement', 'p', 'take it away'), 2],
  ['a finding', findingGate('f', 'i', 'mend it'), 3],
  ['a setting that is more', configuredGate('setting', 's', 'build it anew', 8), 8],
])('closing %s is its work', (_what, gate, effort) => {
  expect(effortOf(gate)).toBe(effort);
});
