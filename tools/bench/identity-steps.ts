import type { JsonObject, JsonValue } from '../../src/base/json-value.ts';
import type { AttackStep } from '../../src/domain/attackpath/attack-step.ts';
import { type AwsSteps, awsSteps } from '../../src/domain/attackpath/aws-steps.ts';
import { findingGate } from '../../src/domain/attackpath/gate.ts';
import { originState } from '../../src/domain/attackpath/origin.ts';
import { stepRule } from '../../src/domain/attackpath/step-rules.ts';
import type { EstateResource } from '../../src/domain/risk/estate.ts';
import { numbers, syntheticIam } from './iam-estate.ts';
import { percentile, processorTime, seconds } from './measure.ts';

const NOW = Date.UTC(2026, 9, 1);

/** Milliseconds that finding them is to take: no budget names it (attack-paths §6.4), as much as everything else of IAM may. */
const AIM = 2_000;

/** Measures the steps of identities over a made-up organisation in which keys of users are public; answers its lines. */
export function measureIdentitySteps(
  principals: number,
  accounts: number,
  trusts: number,
  keys: number,
): readonly string[] {
  const { resources, dump } = syntheticIam(principals, accounts);
  const trusting = withTrusts(resources, trusts);
  const users = trusting.filter(({ type }) => type === 'iam-user');
  const leaked = Array.from({ length: keys }, (_, at) => users[Math.floor((at * users.length) / keys)]);
  const given = leaked.flatMap((user) => (user === undefined ? [] : [leakedKey(user)]));
  const parsed = percentile(
    [1, 2, 3].map(() => processorTime(() => JSON.parse(dump))),
    0.5,
  );
  let found: AwsSteps | null = null;
  const time = processorTime(() => {
    found = stepsFrom(trusting, given);
  });
  const { steps } = found as unknown as AwsSteps;
  const reached = new Set(steps.flatMap(({ to }) => (to.family === 'principal' ? [to.asset] : [])));
  const said = time <= AIM ? 'within' : 'beyond';
  return [
    `IAM ${keys} leaked keys, ${trusts} trusts: ${steps.length} steps of identities to ${reached.size} principals ${seconds(time)} of the processor = ${(time / parsed).toFixed(1)} x JSON.parse of the dump`,
    `IAM: aim: steps of identities ${time.toFixed(0)} ms, ${said} ${AIM} ms`,
  ];
}

function stepsFrom(resources: readonly EstateResource[], given: readonly AttackStep[]): AwsSteps {
  return awsSteps({
    resources,
    now: NOW,
    estates: new Map(),
    given,
    wanted: new Set(),
    served: new Set(),
    credentials: [],
    queries: [],
    machineFlaws: [],
    runners: new Map(),
    machines: new Map(),
  });
}

function leakedKey({ key, name }: EstateResource): AttackStep {
  const { probability, technique } = stepRule('leaked-credential');
  return {
    rule: 'leaked-credential',
    from: originState('internet'),
    to: { asset: key, family: 'principal', capability: 'use' },
    probability,
    sentence: `A key of ${name} is public`,
    gates: [findingGate(`key of ${name}`, `issue of ${name}`, `take away the key of ${name}`)],
    evidence: [],
    assumptions: [],
    technique,
  };
}

/** Roles that trust somebody, three of four times one principal anywhere and else all of an account. */
function withTrusts(resources: readonly EstateResource[], count: number): readonly EstateResource[] {
  const random = numbers(5);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const principals = resources.filter(({ type }) => type === 'iam-role' || type === 'iam-user');
  const roles = principals.filter(({ type }) => type === 'iam-role');
  const trusted = new Map<string, JsonValue[]>();
  for (let at = 0; at < count; at++) {
    const role = pick(roles);
    const { key, account } = pick(principals);
    const arn = random() < 0.75 ? key.slice('aws:'.length) : `arn:aws:iam::${account}:root`;
    const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: arn } };
    trusted.set(role.key, [...(trusted.get(role.key) ?? []), statement]);
  }
  return resources.map((resource) => {
    const more = trusted.get(resource.key);
    if (more === undefined) return resource;
    const { Statement = [], ...rest } = resource.facts['AssumeRolePolicyDocument'] as JsonObject;
    const document = { ...rest, Statement: [...[Statement].flat(), ...more] };
    return { ...resource, facts: { ...resource.facts, AssumeRolePolicyDocument: document } };
  });
}
