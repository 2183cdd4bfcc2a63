import { expect, test } from 'vitest';
import { principal, step } from './attack-path.test-sample.ts';
import type { Gate } from './attack-step.ts';
import { configuredGate } from './gate.ts';
import { neededSteps } from './needed-steps.ts';

const gates = (...ids: readonly string[]): readonly Gate[] =>
  ids.map((id) => configuredGate('statement', id, id));
const between = (probability: number, ...ids: readonly string[]) =>
  step('iam-escalation', principal('a'), principal('b'), { gates: gates(...ids), probability });
const kept = (...steps: readonly ReturnType<typeof between>[]) =>
  neededSteps(steps).map((each) => each.gates.map(({ id }) => id).join('+'));

test('a step that needs more than another is no alternative', () => {
  expect(kept(between(0.9, 'x'), between(0.9, 'x', 'y'))).toEqual(['x']);
});

test('one that needs something else, as much, or is likelier stays', () => {
  expect(kept(between(0.9, 'x'), between(0.9, 'y', 'z'))).toEqual(['x', 'y+z']);
  expect(kept(between(0.9, 'x'), between(0.9, 'x'))).toEqual(['x', 'x']);
  expect(kept(between(0.5, 'x'), between(0.9, 'x', 'y'))).toEqual(['x', 'x+y']);
});

test('one that leads elsewhere stays', () => {
  const other = step('iam-escalation', principal('a'), principal('c'), { gates: gates('x', 'y') });
  expect(neededSteps([between(0.9, 'x'), other])).toHaveLength(2);
});
