import {
  type InterfaceFacts,
  TARGET_GROUP,
  TARGET_HEALTH,
  type TargetHealthFacts,
} from '../resource/facts/aws-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';

/** An instance as load balancers see it. */
export interface BalancedTarget {
  readonly estate: AwsEstate;
  readonly instance: EstateResource;
  readonly instanceId: string | undefined;
  readonly interfaces: readonly InterfaceFacts[];
  readonly vpcId: string | undefined;
  readonly region: string | null;
}

/** One registration of a target. */
export interface TargetOf {
  readonly group: EstateResource;
  readonly port: number | undefined;
}

/** Targets by what they are registered as: instance ids and addresses. */
export const targetsById = (estate: AwsEstate) => {
  const targets = new Map<string, TargetOf[]>();
  for (const group of estate.ofType('target-group')) {
    for (const { Id, Port } of targetsOf(estate, group)) {
      if (Id !== undefined) targets.set(Id, [...(targets.get(Id) ?? []), { group, port: Port }]);
    }
  }
  return targets;
};

const healthByGroup = (estate: AwsEstate) =>
  Map.groupBy(
    estate.ofType('target-health').map((each) => estate.facts(TARGET_HEALTH, each)),
    (health) => health.TargetGroup,
  );

/** What is known of the targets of a group; empty where nobody described them. */
export function targetsOf(estate: AwsEstate, group: EstateResource): readonly TargetHealthFacts[] {
  const { TargetGroupArn, TargetGroupName } = estate.facts(TARGET_GROUP, group);
  const names = new Set([TargetGroupArn, TargetGroupName, group.name]);
  return [...names].flatMap((name) =>
    name === undefined ? [] : (estate.derived(healthByGroup).get(name) ?? []),
  );
}
