import {
  AUTO_SCALING_GROUP,
  type InterfaceFacts,
  TARGET_GROUP,
  TARGET_HEALTH,
  type TargetHealthFacts,
} from '../resource/facts/aws-network-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';

/** Why a target that was asked for by its name is unused. */
const NOT_REGISTERED = 'Target.NotRegistered';

/** An instance as load balancers see it. */
export interface BalancedTarget {
  readonly estate: AwsEstate;
  readonly instance: EstateResource;
  readonly instanceId: string | undefined;
  readonly interfaces: readonly InterfaceFacts[];
  readonly vpcId: string | undefined;
  readonly region: string | null;
}

/** Private addresses of a target, under which it may be registered. */
export function addressesOf({ interfaces }: BalancedTarget): readonly string[] {
  const found = interfaces.flatMap((each) => [
    each.PrivateIpAddress,
    ...(each.PrivateIpAddresses ?? []).map((address) => address.PrivateIpAddress),
  ]);
  return [...new Set(found.flatMap((address) => address ?? []))];
}

/** One registration of a target. */
export interface TargetOf {
  readonly group: EstateResource;
  readonly port: number | undefined;
  /** What it is registered as. */
  readonly id: string;
  /** `healthy`, `draining`… where it is told; it is reached all the same. */
  readonly health: string | undefined;
}

/** Targets by what they are registered as: instance ids, addresses, ARNs of functions and load balancers. */
export const targetsById = (estate: AwsEstate) => {
  const targets = new Map<string, TargetOf[]>();
  const add = (id: string, target: Omit<TargetOf, 'id'>): void => {
    const own = targets.get(id) ?? [];
    targets.set(id, own);
    own.push({ ...target, id });
  };
  for (const group of estate.ofType('target-group')) {
    for (const { Id, Port, State } of targetsOf(estate, group))
      if (Id !== undefined) add(unqualified(Id), { group, port: Port, health: State });
  }
  return targets;
};

/** A version or an alias of a function is the function. */
export function unqualified(id: string): string {
  return id.replace(/^(arn:[a-z-]+:lambda:[^:]*:[^:]*:function:[^:]+):.+$/, '$1');
}

const healthByGroup = (estate: AwsEstate) =>
  Map.groupBy(estate.ofType('target-health'), (each) => estate.facts(TARGET_HEALTH, each).TargetGroup);

/** Instances that auto scaling registers with target groups. */
const scaledByGroup = (estate: AwsEstate) => {
  const targets = new Map<string, TargetHealthFacts[]>();
  for (const each of estate.ofType('auto-scaling-group')) {
    const { TargetGroupARNs = [], Instances = [] } = estate.facts(AUTO_SCALING_GROUP, each);
    for (const arn of TargetGroupARNs)
      targets.set(arn, [
        ...(targets.get(arn) ?? []),
        ...Instances.flatMap(({ InstanceId }) => (InstanceId === undefined ? [] : [{ Id: InstanceId }])),
      ]);
  }
  return targets;
};

/** What is known of the targets of a group; empty where nobody described them. */
export function targetsOf(estate: AwsEstate, group: EstateResource): readonly TargetHealthFacts[] {
  const { TargetGroupArn } = estate.facts(TARGET_GROUP, group);
  const told = registered(estate, namesOfGroup(estate, group)).map((each) =>
    estate.facts(TARGET_HEALTH, each),
  );
  const known = new Set(told.map(({ Id }) => Id));
  const scaled = estate.derived(scaledByGroup).get(TargetGroupArn ?? '') ?? [];
  return [...told, ...scaled.filter(({ Id }) => !known.has(Id))];
}

/** By what its targets and listeners may name a group: ARN or name. */
export function namesOfGroup(estate: AwsEstate, group: EstateResource): ReadonlySet<string> {
  const { TargetGroupArn, TargetGroupName } = estate.facts(TARGET_GROUP, group);
  return new Set([TargetGroupArn, TargetGroupName, group.name].flatMap((name) => name ?? []));
}

/**
 * What the descriptions of a group's targets still hold, by the names of the group. An answer about a group lists all of
 * its targets: one that was seen only before the latest answer is no longer registered, and neither is one that was asked
 * for by its name and found not to be.
 */
export function registered(estate: AwsEstate, names: ReadonlySet<string>): readonly EstateResource[] {
  const told = [...names].flatMap((name) => estate.derived(healthByGroup).get(name) ?? []);
  const ends = told.flatMap((each) => {
    const { Id, Port, Reason, IsSelection } = estate.facts(TARGET_HEALTH, each);
    const isEnd = Id === undefined ? IsSelection !== true : Reason === NOT_REGISTERED;
    return isEnd ? [{ Id, Port, seenAt: each.seenAt, region: estate.regionOf(each) }] : [];
  });
  return told.filter((each) => {
    const { Id, Port, Reason } = estate.facts(TARGET_HEALTH, each);
    const region = estate.regionOf(each);
    return (
      Reason !== NOT_REGISTERED &&
      !ends.some(
        (end) =>
          end.seenAt > each.seenAt &&
          end.region === region &&
          (end.Id === undefined || (end.Id === Id && end.Port === Port)),
      )
    );
  });
}
