import { asArray, asObject } from '../../src/base/json-value.ts';
import { affectedByChanges } from '../../src/domain/exposure/aws-affected.ts';
import { NO_PRIVILEGES } from '../../src/domain/risk/aws-privileged-access.ts';
import type { EstateResource } from '../../src/domain/risk/estate.ts';
import { evaluateAwsEstate } from '../../src/domain/risk/evaluate-aws-estate.ts';
import { syntheticAccount } from './aws-estate.ts';
import { percentile } from './measure.ts';

const SIZE = { instances: 10_000, groups: 2_000, sourcesOfGroup: 12, subnets: 500, balancers: 200 };
const ROUNDS = 3;

/** Who reaches what in a large account of AWS: all of it, and again after one security group changed, in seconds of CPU. */
export function measureExposure(): void {
  const { resources, answers } = syntheticAccount(SIZE);
  const parse = medianCpu(() => JSON.parse(answers));
  const whole = medianCpu(() => evaluateAwsEstate(resources));
  const used = groupInUse(resources);
  const opened = resources.map((resource) =>
    resource.type === 'security-group' && resource.name === used
      ? {
          ...resource,
          facts: {
            ...resource.facts,
            IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
          },
        }
      : resource,
  );
  const changed = medianCpu(() => evaluateAwsEstate(opened));
  const group = (all: readonly EstateResource[]): EstateResource =>
    all.find(({ type, name }) => type === 'security-group' && name === used) as EstateResource;
  const changes = [{ before: group(resources), after: group(opened) }];
  const touched = affectedByChanges(opened, changes)?.size ?? resources.length;
  const incremental = medianCpu(() =>
    evaluateAwsEstate(opened, {}, NO_PRIVILEGES, affectedByChanges(opened, changes)),
  );
  const said = (milliseconds: number): string =>
    `${(milliseconds / 1000).toFixed(2)} s of CPU = ${(milliseconds / parse).toFixed(1)} x JSON.parse of the same answers`;
  console.log(`exposure of a ${SIZE.instances / 1000} k-instance account, whole: ${said(whole)}`);
  console.log(
    `exposure of a ${SIZE.instances / 1000} k-instance account, one security group changed, all anew: ${said(changed)}`,
  );
  console.log(
    `exposure of a ${SIZE.instances / 1000} k-instance account, one security group changed, the ${touched} that it affects: ${said(incremental)}, ${(changed / incremental).toFixed(1)} x less than all anew`,
  );
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
