import fc from 'fast-check';
import { expect, test } from 'vitest';
import { iam, role } from '../privilege/aws/iam-principal.test-sample.ts';
import { step } from './attack-path.test-sample.ts';
import type { AttackStep } from './attack-step.ts';
import { awsFacts } from './aws-search.test-sample.ts';
import { AwsSearch } from './aws-search.ts';
import { configuredGate } from './gate.ts';
import { includesState, type State, stateKey } from './state.ts';
import type { StepRuleId } from './step-rules.ts';

const EC2 = { Service: 'ec2.amazonaws.com' };
const key = (name: string) => `aws:${iam('role', name)}`;
const use = (name: string): State => ({ asset: key(name), family: 'principal', capability: 'use' });

/** Whether steps lead from one to the other, one state after another. */
function leadsByWalking(steps: readonly AttackStep[], from: State, to: State): boolean {
  const seen = new Set<string>();
  const waiting = [from];
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    if (stateKey(state) === stateKey(to)) return true;
    if (seen.has(stateKey(state))) continue;
    seen.add(stateKey(state));
    for (const each of steps) if (includesState(state, each.from)) waiting.push(each.to);
  }
  return false;
}

const ROLES = ['a', 'b', 'c', 'd', 'e'];
const states: readonly State[] = [
  ...ROLES.map(use),
  ...(['exec', 'root', 'reach'] as const).map(
    (capability): State => ({
      asset: 'web',
      family: 'workload',
      capability,
    }),
  ),
  ...(['read', 'write'] as const).map(
    (capability): State => ({
      asset: 'store',
      family: 'datastore',
      capability,
    }),
  ),
];

test('whether steps lead from one principal to another is what walking them says', () => {
  const resources = ROLES.map((name) => role(name, EC2, []));
  const some = fc
    .array(fc.tuple(fc.constantFrom(...states), fc.constantFrom(...states)), { maxLength: 14 })
    .map((pairs) => pairs.map(([from, to]) => step('assume-role', from, to)));
  fc.assert(
    fc.property(some, some, (given, found) => {
      const search = new AwsSearch(awsFacts(resources, { given }));
      for (const each of found) search.addStep(each);
      const targets = ROLES.map((name) => search.numberOf(key(name)) as number);
      const leads = search.leads(targets);
      for (const target of targets.keys())
        for (const from of targets)
          expect(leads(from, target)).toBe(
            leadsByWalking(
              [...given, ...found],
              search.stateOf(from),
              search.stateOf(targets[target] as number),
            ),
          );
    }),
    { numRuns: 200 },
  );
});

test('of more principals than are looked at in one go, those of each go alike', () => {
  const names = Array.from({ length: 1_400 }, (_, at) => `r${at}`);
  const given = [1, 1_023, 1_025, 1_300].map((at) => step('assume-role', use('r0'), use(`r${at}`)));
  const search = new AwsSearch(
    awsFacts(
      names.map((name) => role(name, EC2, [])),
      { given },
    ),
  );
  const targets = names.map((name) => search.numberOf(key(name)) as number);
  const leads = search.leads(targets);
  const led = [...targets.keys()].filter((place) => leads(targets[0] as number, place));
  expect(led).toEqual([0, 1, 1_023, 1_025, 1_300]);
  expect(leads(targets[0] as number, 1)).toBe(true);
  expect(leads(targets[0] as number, 2)).toBe(false);
});

test('a step is found once, and is another one by its rule, either of its states, or any of its gates', () => {
  const search = new AwsSearch(
    awsFacts(
      ROLES.map((name) => role(name, EC2, [])),
      {},
    ),
  );
  const gates = ['x', 'y'].map((id) => configuredGate('setting', id, `turn ${id} off`));
  const state = (name: string) => search.stateOf(search.numberOf(key(name)) as number);
  const add = (rule: StepRuleId, from: string, to: string, needed = gates) =>
    search.add(rule, state(from), state(to), { sentence: 'It may.', gates: needed, evidence: [] });
  for (let time = 0; time < 2; time++) {
    add('assume-role', 'a', 'b');
    add('assume-role', 'b', 'b');
    add('iam-escalation', 'b', 'b');
    add('assume-role', 'a', 'c');
    add('assume-role', 'a', 'b', gates.slice(0, 1));
    add('assume-role', 'a', 'b', gates.slice(1));
    add('assume-role', 'a', 'b', []);
  }
  expect(
    search.steps.map(({ rule, from, to, gates: needed }) =>
      [rule, from.asset.slice(-1), to.asset.slice(-1), ...needed.map(({ id }) => id)].join(' '),
    ),
  ).toEqual([
    'assume-role a b x y',
    'assume-role b b x y',
    'iam-escalation b b x y',
    'assume-role a c x y',
    'assume-role a b x',
    'assume-role a b y',
    'assume-role a b',
  ]);
});

test('principals that somebody may be are told in their order, whatever they were found in', () => {
  const search = new AwsSearch(
    awsFacts(
      ROLES.map((name) => role(name, EC2, [])),
      {},
    ),
  );
  for (const name of ['d', 'b', 'd', 'e']) search.hold(use(name));
  expect(search.heldPrincipals()).toEqual(['b', 'd', 'e'].map((name) => search.numberOf(key(name))));
});
