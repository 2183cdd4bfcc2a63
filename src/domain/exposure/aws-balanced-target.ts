import { type AddressSet, NO_ADDRESSES, parseAddresses, unionAddresses } from '#base/address-set.ts';
import {
  CLASSIC_LOAD_BALANCER,
  type InterfaceFacts,
  LOAD_BALANCER,
  SUBNET,
  TARGET_GROUP,
} from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { INTERNET, isPublic, widerAudience } from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import {
  type AwsExposure,
  combineExposures,
  type ExposedSurface,
  exposureUnknown,
  notExposed,
} from './aws-exposure-record.ts';
import { letsGroupIn, securityGroups } from './aws-layers.ts';
import {
  exposeClassicLoadBalancer,
  exposeListeners,
  exposeLoadBalancer,
  forwarders,
  listenersOf,
} from './aws-load-balancer-exposure.ts';
import { type BalancedTarget, type TargetOf, targetsById } from './aws-target-group.ts';
import { exposeThroughUnseen } from './aws-unseen-balancer.ts';
import { intersectSurfaces, publicPorts, type Surface } from './surface.ts';

/**
 * Whether an instance is reached through a load balancer that the internet reaches. Which instances
 * stand behind one is told by its targets; where they were not described, only an instance whose
 * security groups let no load balancer in is certain to stand behind none.
 */
export function exposeThroughLoadBalancers(
  estate: AwsEstate,
  instance: EstateResource,
  instanceId: string | undefined,
  interfaces: readonly InterfaceFacts[],
  vpcId: string | undefined,
): AwsExposure {
  const target: BalancedTarget = {
    estate,
    instance,
    instanceId,
    interfaces,
    vpcId,
    region: estate.regionOf(instance),
  };
  const ways = [...classicWays(target), ...targetGroupWays(target)];
  if (ways.some((way) => way.state === 'yes')) return combineExposures(ways);
  return combineExposures([...ways, exposeThroughUnseen(target)]);
}

const classicByInstance = (estate: AwsEstate) => {
  const balancers = new Map<string, EstateResource[]>();
  for (const balancer of estate.ofType('classic-load-balancer')) {
    for (const { InstanceId = '' } of estate.facts(CLASSIC_LOAD_BALANCER, balancer).Instances ?? []) {
      balancers.set(InstanceId, [...(balancers.get(InstanceId) ?? []), balancer]);
    }
  }
  return balancers;
};

function classicWays(target: BalancedTarget): readonly AwsExposure[] {
  const { estate, instanceId = '', instance } = target;
  return (estate.derived(classicByInstance).get(instanceId) ?? []).map((balancer) => {
    const {
      SecurityGroups: groups = [],
      Subnets: subnets = [],
      ListenerDescriptions = [],
    } = estate.facts(CLASSIC_LOAD_BALANCER, balancer);
    const ports = ListenerDescriptions.flatMap(({ Listener }) => Listener?.InstancePort ?? []);
    const sender: Sender = { groups, subnets, clients: false, protocol: 'tcp' };
    return behind(
      exposeClassicLoadBalancer(estate, balancer),
      balancer,
      instance,
      ports,
      ports.map((port) => admits(target, port, sender)),
    );
  });
}

function targetGroupWays(target: BalancedTarget): readonly AwsExposure[] {
  const { estate, instanceId = '', interfaces } = target;
  const addresses = interfaces.flatMap((each) => [
    each.PrivateIpAddress ?? '',
    ...(each.PrivateIpAddresses ?? []).map((address) => address.PrivateIpAddress ?? ''),
  ]);
  const registered = [...new Set([instanceId, ...addresses])].flatMap(
    (id) => estate.derived(targetsById).get(id) ?? [],
  );
  return [...Map.groupBy(registered, ({ group }) => group)].flatMap(([group, targets]) =>
    (estate.facts(TARGET_GROUP, group).LoadBalancerArns ?? []).map((arn) =>
      throughTargetGroup(target, group, targets, arn),
    ),
  );
}

function throughTargetGroup(
  target: BalancedTarget,
  group: EstateResource,
  targets: readonly TargetOf[],
  balancerArn: string,
): AwsExposure {
  const { estate, instance, region } = target;
  const facts = estate.facts(TARGET_GROUP, group);
  const balancer = estate.find('load-balancer', balancerArn, region);
  if (balancer === undefined)
    return exposureUnknown([
      `load balancer ${balancerArn}, which has ${instance.name} as a target: aws elbv2 describe-load-balancers`,
    ]);
  const {
    Type,
    SecurityGroups: groups = [],
    AvailabilityZones = [],
    ...described
  } = estate.facts(LOAD_BALANCER, balancer);
  const { open, behindLogin, rulesMissing } = forwarders(
    estate,
    listenersOf(estate, described),
    facts.TargetGroupArn,
  );
  const front =
    open.length > 0 ? exposeListeners(estate, balancer, open) : exposeLoadBalancer(estate, balancer);
  if (open.length === 0 && front.state === 'yes') {
    if (rulesMissing)
      return exposureUnknown([`rules of the listeners of ${balancer.name}: aws elbv2 describe-rules`]);
    if (behindLogin)
      return notExposed(
        evidence(
          `${instance.name} stands behind ${balancer.name}, which asks for a login first: reachable, behind oidc.`,
          balancer,
        ),
      );
    return notExposed(evidence(`No listener of ${balancer.name} forwards to ${group.name}.`, balancer));
  }
  const ports = targets.flatMap(({ port }) => port ?? facts.Port ?? []);
  // Behind a network load balancer instances see the client's own address.
  const clients =
    Type === 'network' &&
    (facts.TargetType === 'instance' || facts.Protocol === 'UDP' || facts.Protocol === 'TCP_UDP');
  const subnets = AvailabilityZones.flatMap((zone) => zone.SubnetId ?? []);
  const sender: Sender = { groups, subnets, clients, protocol: facts.Protocol === 'UDP' ? 'udp' : 'tcp' };
  return behind(
    front,
    balancer,
    instance,
    ports,
    ports.map((port) => admits(target, port, sender)),
  );
}

type Admission =
  | { readonly state: 'yes' | 'no' }
  | { readonly state: 'unknown'; readonly missing: readonly string[] };

/** The way through one load balancer: it must answer the internet, and the instance must answer it. */
function behind(
  front: AwsExposure,
  balancer: EstateResource,
  instance: EstateResource,
  ports: readonly number[],
  admissions: readonly Admission[],
): AwsExposure {
  if (front.state === 'no')
    return notExposed(
      evidence(
        `${instance.name} stands behind ${balancer.name}, which the internet does not reach.`,
        balancer,
      ),
      ...front.evidence,
    );
  if (admissions.length > 0 && admissions.every((admission) => admission.state === 'no')) {
    return notExposed(
      evidence(
        `The security groups of ${instance.name} do not let ${balancer.name} in on ${ports.join(', ')}.`,
        instance,
      ),
    );
  }
  const missing = admissions.flatMap((admission) => (admission.state === 'unknown' ? admission.missing : []));
  if (front.state === 'unknown' || !admissions.some((admission) => admission.state === 'yes')) {
    return exposureUnknown([
      ...front.missing,
      ...missing,
      ...(admissions.length === 0 ? [`the port on which ${instance.name} serves ${balancer.name}`] : []),
    ]);
  }
  const audience = front.surfaces.map((surface) => surface.audience).reduce(widerAudience);
  const auth = front.surfaces[0]?.auth ?? 'app';
  const surfaces = ports.map(
    (port): ExposedSurface => ({ surface: `tcp/${port} through ${balancer.name}`, audience, auth }),
  );
  return {
    state: 'yes',
    surfaces,
    evidence: [
      evidence(`${instance.name} is a target of ${balancer.name}, which the internet reaches.`, balancer),
      ...front.evidence,
    ],
    missing: [],
  };
}

interface Sender {
  readonly groups: readonly string[];
  readonly subnets: readonly string[];
  /** The sender keeps the address of its client. */
  readonly clients: boolean;
  readonly protocol: 'tcp' | 'udp';
}

/** Whether the instance's security groups let a load balancer in on a port. */
function admits(target: BalancedTarget, port: number, sender: Sender): Admission {
  const { estate, region } = target;
  const wanted: readonly Surface[] = [
    {
      protocol: sender.protocol,
      from: port,
      to: port,
      sources: unionAddresses(...sourceRanges(target, sender)),
    },
  ];
  const missing: string[] = [];
  for (const each of target.interfaces) {
    const ids = (each.Groups ?? []).flatMap((group) => group.GroupId ?? []);
    if (ids.some((id) => letsGroupIn(estate, id, port, sender.groups, region))) return { state: 'yes' };
    const passage = securityGroups(estate, ids, region);
    const certain = intersectSurfaces(passage.certain, wanted);
    if (sender.clients ? publicPorts(certain).some((ports) => isPublic(ports.audience)) : certain.length > 0)
      return { state: 'yes' };
    if (intersectSurfaces(passage.possible, wanted).length > certain.length) missing.push(...passage.missing);
  }
  if (!sender.clients && sender.subnets.some((subnet) => estate.find('subnet', subnet, region) === undefined))
    missing.push(`the subnets of ${target.vpcId ?? 'the VPC'}: aws ec2 describe-subnets`);
  return missing.length > 0 ? { state: 'unknown', missing } : { state: 'no' };
}

/** Where a load balancer's packets come from: its clients, or its own subnets. */
function sourceRanges(
  { estate, region }: BalancedTarget,
  { clients, subnets }: Sender,
): readonly AddressSet[] {
  if (clients) return [INTERNET];
  const ranges = subnets.flatMap((id) => {
    const subnet = estate.find('subnet', id, region);
    const range = subnet === undefined ? null : parseAddresses(estate.facts(SUBNET, subnet).CidrBlock ?? '');
    return range === null ? [] : [range];
  });
  return [NO_ADDRESSES, ...ranges];
}
