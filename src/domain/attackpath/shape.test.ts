import { expect, test } from 'vitest';
import { principal, step } from './attack-path.test-sample.ts';
import SHAPES from './data/shapes.json' with { type: 'json' };
import { shapeOf } from './shape.ts';
import type { StepRuleId } from './step-rules.ts';
import type { Target, TargetClass } from './target.ts';

/** The shape of a path by its origin, the type of what is entered, the rules of its steps and the class of its target. */
function shape(origin: string, type: string, rules: string, of: TargetClass): string {
  const steps = rules
    .split(' ')
    .map((rule) =>
      step(rule as StepRuleId, { asset: origin, family: 'origin', capability: 'reach' }, principal('x')),
    );
  const target: Target = {
    state: principal('t'),
    class: of,
    tier: 0,
    name: 't',
    production: 'yes',
    evidence: [],
  };
  return shapeOf(steps, target, () => type).id;
}

const EXPLOIT = 'public-endpoint network-exploit';

/** One path of each shape, and what comes near it. */
const CASES: readonly (readonly [
  shape: string,
  origin: string,
  type: string,
  rules: string,
  of: TargetClass,
])[] = [
  ['public-sensitive-data', 'internet', 's3-bucket', 'public-data', 'sensitive-data'],
  ['public-production-data', 'any-aws-account', 'snapshot', 'public-data', 'production-data'],
  ['pipeline-role-open-to-anybody', 'internet', 'iam-role', 'open-trust administrator', 'account-admin'],
  ['role-open-to-any-account', 'any-aws-account', 'iam-role', 'open-trust reads-data', 'sensitive-data'],
  ['guest-role-to-data', 'internet', 'iam-role', 'open-trust reads-data', 'sensitive-data'],
  [
    'open-control-port',
    'internet',
    'workload',
    'public-endpoint open-control-port service-account-token cluster-rights',
    'cluster-admin',
  ],
  ['container-breakout', 'internet', 'workload', `${EXPLOIT} container-escape`, 'cluster-node'],
  [
    'breakout-to-node',
    'internet',
    'workload',
    `${EXPLOIT} container-escape node-tokens cluster-rights`,
    'cluster-admin',
  ],
  ['pod-to-cloud-admin', 'internet', 'workload', `${EXPLOIT} pod-cloud-role administrator`, 'account-admin'],
  [
    'pod-to-cloud-admin',
    'internet',
    'workload',
    `${EXPLOIT} service-account-token cluster-rights cluster-cloud-role administrator`,
    'account-admin',
  ],
  ['pod-to-cloud-data', 'internet', 'workload', `${EXPLOIT} pod-cloud-role reads-data`, 'sensitive-data'],
  [
    'pod-to-cluster-secrets',
    'internet',
    'workload',
    `${EXPLOIT} service-account-token cluster-secrets`,
    'cluster-secrets',
  ],
  [
    'pod-to-cluster-admin',
    'internet',
    'workload',
    `${EXPLOIT} service-account-token cluster-takeover`,
    'cluster-admin',
  ],
  [
    'function-to-admin',
    'internet',
    'lambda-function',
    `${EXPLOIT} workload-role administrator`,
    'account-admin',
  ],
  [
    'function-to-privileged-function',
    'internet',
    'lambda-function',
    `${EXPLOIT} workload-role iam-escalation administrator`,
    'account-admin',
  ],
  ['task-role-to-data', 'internet', 'ecs-service', `${EXPLOIT} workload-role reads-data`, 'sensitive-data'],
  [
    'workload-runs-as-admin',
    'internet',
    'ec2-instance',
    `${EXPLOIT} workload-role administrator`,
    'account-admin',
  ],
  ['workload-runs-as-admin', 'internet', 'gcp-instance', `${EXPLOIT} workload-identity`, 'account-admin'],
  [
    'workload-to-other-account',
    'internet',
    'ec2-instance',
    `${EXPLOIT} workload-role administrator administrator-assumes administrator`,
    'account-admin',
  ],
  [
    'workload-escalates-to-admin',
    'internet',
    'ec2-instance',
    `${EXPLOIT} workload-role assume-role administrator`,
    'account-admin',
  ],
  [
    'workload-to-data',
    'internet',
    'ec2-instance',
    `${EXPLOIT} workload-role assume-role reads-data`,
    'production-data',
  ],
  ['chain', 'internet', 'ec2-instance', `${EXPLOIT} node-tokens`, 'cluster-secrets'],
];

test.each(CASES)('%s', (expected, origin, type, rules, of) => {
  expect(shape(origin, type, rules, of)).toBe(expected);
});

test('every shape has a path of its own', () => {
  const seen = new Set(CASES.map(([id]) => id));
  expect(SHAPES.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
});
