import { asArray, asObject, type JsonObject } from '../../src/base/json-value.ts';
import { NO_PRIVILEGES } from '../../src/domain/risk/aws-privileged-access.ts';
import type { EstateResource } from '../../src/domain/risk/estate.ts';
import { evaluateAwsChanges, evaluateAwsEstate } from '../../src/domain/risk/evaluate-aws-estate.ts';
import { syntheticAccount } from './aws-estate.ts';
import { percentile } from './measure.ts';

const SIZE = { instances: 10_000, groups: 2_000, sourcesOfGroup: 12, subnets: 500, balancers: 200 };
const ROUNDS = 3;

/** Who reaches what in a large account of AWS: all of it, and again after one thing changed, in seconds of CPU. */
export function measureExposure(): void {
  const { resources, answers } = syntheticAccount(SIZE);
  const parse = medianCpu(() => JSON.parse(answers));
  const said = (milliseconds: number): string =>
    `${(milliseconds / 1000).toFixed(2)} s of CPU = ${(milliseconds / parse).toFixed(1)} x JSON.parse of the same answers`;
  const account = `exposure of a ${SIZE.instances / 1000} k-instance account`;
  console.log(`${account}, whole: ${said(medianCpu(() => evaluateAwsEstate(resources)))}`);
  for (const [what, type, name, facts] of changesToMeasure(resources)) {
    const before = resources.find((each) => each.type === type && each.name === name) as EstateResource;
    const after = { ...before, facts: { ...before.facts, ...facts } };
    const changed = resources.map((each) => (each === before ? after : each));
    const evaluate = () => evaluateAwsChanges(changed, [{ before, after }], {}, NO_PRIVILEGES);
    const whole = medianCpu(() => evaluateAwsEstate(changed, {}, NO_PRIVILEGES));
    const affected = evaluate().affected?.size ?? resources.length;
    const incremental = medianCpu(evaluate);
    console.log(
      `${account}, ${what}: all anew ${(whole / 1000).toFixed(2)} s, the ${affected} that it affects ${said(incremental)}, ${(whole / incremental).toFixed(1)} x less`,
    );
  }
}

type MeasuredChange = readonly [what: string, type: string, name: string, facts: JsonObject];

/** One thing of each kind, as it is changed most. */
function changesToMeasure(resources: readonly EstateResource[]): readonly MeasuredChange[] {
  return [
    [
      'one security group opened',
      'security-group',
      groupInUse(resources),
      { IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] },
    ],
    ['one instance stopped', 'ec2-instance', 'i-0', { State: { Name: 'stopped' } }],
    [
      'one route table closed',
      'route-table',
      'rtb-0',
      { Routes: [{ DestinationCidrBlock: '10.0.0.0/8', GatewayId: 'local', State: 'active' }] },
    ],
    ['one network ACL closed', 'network-acl', 'acl-0', { Entries: [] }],
    ['one listener moved', 'listener', 'lb-0-443', { Port: 8443 }],
    ['one target group moved', 'target-group', 'tg-0', { Port: 8443 }],
    ['one load balancer made internal', 'load-balancer', 'lb-0', { Scheme: 'internal' }],
  ];
}

/** The first group of the first instance. */
function groupInUse(resources: readonly EstateResource[]): string {
  const first = resources.find(({ type }) => type === 'ec2-instance');
  return String(asObject(asArray(first?.facts['SecurityGroups'])[0])?.['GroupId']);
}

/** Milliseconds of CPU, those of the garbage collector's threads included. */
function medianCpu(action: () => unknown): number {
  return percentile(
    Array.from({ length: ROUNDS }, () => {
      const before = process.cpuUsage();
      action();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }),
    0.5,
  );
}
