import { expect, test } from 'vitest';
import { INTERNET, principal, step } from './attack-path.test-sample.ts';
import type { AttackStep } from './attack-step.ts';
import { StepForms } from './step-forms.ts';
import { stepRule } from './step-rules.ts';

test('steps have one number exactly where a path is called the same and is as bad with either', () => {
  const likely = stepRule('assume-role').probability;
  const base = step('assume-role', principal('r'), principal('s'), { probability: likely });
  const alike: readonly AttackStep[] = [
    base,
    step('assume-role', INTERNET, principal('t'), { probability: Math.min(1, likely + 0.01), gate: 'other' }),
  ];
  const others: readonly (readonly [rule: number, AttackStep])[] = [
    [1, base],
    [0, { ...base, kind: 'same-account' }],
    [0, { ...base, kind: 'other-account' }],
    [0, { ...base, isObserved: true }],
    [0, { ...base, isUnknown: true }],
    [0, { ...base, isUnknown: true, kind: 'same-account' }],
    [0, { ...base, probability: likely / 2 }],
  ];
  const forms = new StepForms();
  expect(alike.map((each) => forms.numberOf(each, 0))).toEqual([0, 0]);
  expect(others.map(([rule, each]) => forms.numberOf(each, rule))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(others.map(([rule, each]) => forms.numberOf({ ...each }, rule))).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
