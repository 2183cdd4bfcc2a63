import { awsCall } from '../resource/aws-call.ts';
import { called } from '../resource/called.ts';
import { OUTSIDE_MACHINE, TARGET_GROUP } from '../resource/facts/aws-network-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Admission, type Sender, throughTargetGroup } from './aws-balanced-target.ts';
import type { AwsEstate } from './aws-estate.ts';
import { type TargetOf, targetsById } from './aws-target-group.ts';
import { throughWay, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { noInventoryTells } from './untold.ts';

/**
 * How a machine that no inventory has is reached: through the load balancers that have its address as a target, each as it
 * answers itself (attack-paths §2.3). What guards the machine nobody describes, so that alone never closes a way; it opens
 * one where the load balancer's own health check is answered on the very port. What else leads to the machine is not
 * known, so it is never out of reach.
 */
export function exposeOutsideMachine(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { Address = '', Network } = estate.facts(OUTSIDE_MACHINE, resource);
  const region = estate.regionOf(resource);
  const targets = (estate.derived(targetsById).get(Address) ?? []).filter(
    ({ group }) => estate.facts(TARGET_GROUP, group).VpcId === Network && estate.regionOf(group) === region,
  );
  const unlisted = evidence(
    `No inventory has a machine at ${Address}, to which load balancers in ${Network} send: it is on premises, or in an account that was not told.`,
    resource,
  );
  const ways = [...Map.groupBy(targets, ({ group }) => group)].flatMap(([group, of]) => {
    const guard = (port: number, sender: Sender): Admission =>
      answered(estate, resource, group, of, port, sender);
    const target = {
      estate,
      instance: resource,
      instanceId: Address,
      interfaces: [],
      vpcId: undefined,
      region,
      guard,
    };
    return (estate.facts(TARGET_GROUP, group).LoadBalancerArns ?? []).flatMap((arn) =>
      throughTargetGroup(target, group, of, arn),
    );
  });
  const others = unsettledWay([
    `which machine has ${Address}, where an account of AWS has it: aws ec2 describe-network-interfaces`,
    noInventoryTells(`what else leads to ${Address}, where it is on premises`),
  ]);
  return [...ways, others].map((way) => throughWay(way, { evidence: [unlisted] }));
}

/** Whether whatever guards the machine lets a load balancer in on a port: that the health check is answered there proves it. */
function answered(
  estate: AwsEstate,
  resource: EstateResource,
  group: EstateResource,
  targets: readonly TargetOf[],
  port: number,
  { clients, protocols }: Sender,
): Admission {
  const { TargetGroupArn = 'ARN', HealthCheckPort, Port } = estate.facts(TARGET_GROUP, group);
  const what = called(resource);
  const unknown = (missing: string): Admission => ({ state: 'unknown', missing: [missing] });
  if (clients || !protocols.includes('tcp'))
    return unknown(noInventoryTells(`whether what guards ${what} lets clients in on port ${port}`));
  const states = targets.flatMap((each) => ((each.port ?? Port) === port ? [each.health] : []));
  if (states.every((state) => state === undefined))
    return unknown(
      `whether ${what} answers on port ${port}: ${awsCall('elbv2 describe-target-health', [['--target-group-arn', TargetGroupArn]], group.name)}`,
    );
  if (!states.includes('healthy'))
    return unknown(
      noInventoryTells(
        `whether what guards ${what} lets anybody in on port ${port}, where it is ${states[0]}`,
      ),
    );
  if (HealthCheckPort === undefined)
    return unknown(`the port of the health check of ${group.name}: aws elbv2 describe-target-groups`);
  if (HealthCheckPort !== 'traffic-port' && HealthCheckPort !== String(port))
    return unknown(
      noInventoryTells(
        `whether what guards ${what} lets anybody in on port ${port}, as the health check asks on ${HealthCheckPort}`,
      ),
    );
  return {
    state: 'yes',
    via: [],
    gates: [`registration of ${resource.facts['Address']} in ${group.name}`],
    protocol: 'tcp',
    proof: evidence(
      `It answers the health check of ${called(group)} on tcp/${port}, so whatever guards it lets the load balancer in there.`,
      resource,
    ),
  };
}
