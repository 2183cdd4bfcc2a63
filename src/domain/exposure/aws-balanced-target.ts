import {
  type AddressSet,
  coversAddresses,
  NO_ADDRESSES,
  parseAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import { called, calledFirst } from '../resource/called.ts';
import {
  CLASSIC_LOAD_BALANCER,
  type InterfaceFacts,
  LOAD_BALANCER,
  SUBNET,
  TARGET_GROUP,
  type TargetGroupFacts,
} from '../resource/facts/aws-network-facts.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { INTERNET } from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import { frontsOf } from './aws-fronts.ts';
import { groupsOfInterface, letsGroupIn, securityGroups } from './aws-layers.ts';
import { type Forwarder, forwarders, forwardingMissing, listenersOf } from './aws-listener.ts';
import {
  exposeClassicLoadBalancer,
  exposeForwarders,
  exposeLoadBalancer,
} from './aws-load-balancer-exposure.ts';
import { peeringBetween } from './aws-peering.ts';
import { addressesOf, type BalancedTarget, type TargetOf, targetsById } from './aws-target-group.ts';
import { exposeThroughUnseen } from './aws-unseen-balancer.ts';
import { closedWay, publicWays, stateOfWays, throughWay, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { audiencePorts, intersectSurfaces, publicPorts, type Surface } from './surface.ts';

/**
 * How an instance is reached through a load balancer or an accelerator that the internet reaches. Which
 * instances stand behind one is told by its targets; where they were not described, only an instance whose
 * security groups let no load balancer in is certain to stand behind none (attack-paths §2.3).
 */
export function exposeThroughLoadBalancers(
  estate: AwsEstate,
  instance: EstateResource,
  instanceId: string | undefined,
  interfaces: readonly InterfaceFacts[],
  vpcId: string | undefined,
): readonly ExposureRecord[] {
  const target: BalancedTarget = {
    estate,
    instance,
    instanceId,
    interfaces,
    vpcId,
    region: estate.regionOf(instance),
  };
  const ways = [...classicWays(target), ...targetGroupWays(target), ...frontWays(target)];
  if (publicWays(ways).length > 0) return ways;
  return [...ways, ...exposeThroughUnseen(target)];
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

function classicWays(target: BalancedTarget): readonly ExposureRecord[] {
  const { estate, instanceId = '' } = target;
  return (estate.derived(classicByInstance).get(instanceId) ?? []).flatMap((balancer) => {
    const {
      SecurityGroups: groups = [],
      Subnets: subnets = [],
      ListenerDescriptions = [],
    } = estate.facts(CLASSIC_LOAD_BALANCER, balancer);
    const ports = ListenerDescriptions.flatMap(({ Listener }) => Listener?.InstancePort ?? []);
    return behind(target, {
      balancer,
      front: exposeClassicLoadBalancer(estate, balancer),
      ports,
      sender: { groups, subnets, region: estate.regionOf(balancer), clients: false, protocols: ['tcp'] },
      via: [],
      where: [],
      notes: [],
      isForSome: false,
    });
  });
}

/** Accelerators and distributions that name the instance itself. */
function frontWays(target: BalancedTarget): readonly ExposureRecord[] {
  const { estate, instance, instanceId } = target;
  return frontsOf(estate, [instanceId, instance.key.replace(/^aws:/, '')]).flatMap((front) => {
    const said = evidence(
      `${calledFirst(instance)} stands behind ${called(front.resource)}.`,
      front.resource,
    );
    const records = front.records();
    const known = publicWays(records);
    const ways = known.length > 0 ? known : records.filter(({ verdict }) => verdict === 'unknown');
    if (front.login !== null)
      return [
        closedWay([said, evidence(`Reachable behind ${front.login}.`, front.resource)], {
          auth: front.login,
        }),
      ];
    return target.interfaces.flatMap((each) => {
      const ids = groupsOfInterface(each);
      const passage = securityGroups(estate, ids, target.region);
      if (!front.keepsClients || publicPorts(passage.certain).length > 0)
        return ways.map((way) => throughWay(way, { via: [front.resource.name, ...ids], evidence: [said] }));
      return passage.missing.length > 0 ? [unsettledWay(passage.missing, [said])] : [];
    });
  });
}

function targetGroupWays(target: BalancedTarget): readonly ExposureRecord[] {
  const { estate, instanceId = '' } = target;
  const registered = [...new Set([instanceId, ...addressesOf(target)])].flatMap((id) =>
    id === '' ? [] : (estate.derived(targetsById).get(id) ?? []),
  );
  return [...Map.groupBy(registered, ({ group }) => group)].flatMap(([group, targets]) =>
    (estate.facts(TARGET_GROUP, group).LoadBalancerArns ?? []).flatMap((arn) =>
      throughTargetGroup(target, group, targets, arn),
    ),
  );
}

/** A target, and what lets senders in where that is told otherwise than by the security groups of its interfaces. */
export interface GuardedTarget extends BalancedTarget {
  readonly guard?: (port: number, sender: Sender) => Admission;
}

/** The ways to a target through one load balancer that has its group. */
export function throughTargetGroup(
  target: GuardedTarget,
  group: EstateResource,
  targets: readonly TargetOf[],
  balancerArn: string,
): readonly ExposureRecord[] {
  const { estate, instance } = target;
  const facts = estate.facts(TARGET_GROUP, group);
  const balancer = estate.find('load-balancer', balancerArn);
  const described = balancer === undefined ? {} : estate.facts(LOAD_BALANCER, balancer);
  const { Type, SecurityGroups: groups = [], AvailabilityZones = [] } = described;
  const subnets = AvailabilityZones.flatMap((zone) => zone.SubnetId ?? []);
  const region = estate.regionOf(group);
  // An address is that of a machine in the group's own network, or in one that is linked to it.
  const byAddress = targets.some(({ id }) => id !== target.instanceId);
  const ids = new Set(targets.map(({ id }) => id));
  const link = byAddress
    ? peeringBetween(estate, { vpc: facts.VpcId, subnets, region }, target, ids)
    : 'same';
  if (link === 'none') return [];
  if (balancer === undefined)
    return [
      unsettledWay([
        `load balancer ${balancerArn}, which has ${instance.name} as a target: aws elbv2 describe-load-balancers`,
      ]),
    ];
  if (typeof link === 'object' && 'missing' in link) return [unsettledWay(link.missing)];

  const { open, login, rulesMissing } = forwarders(
    estate,
    listenersOf(estate, described),
    facts.TargetGroupArn,
  );
  const front =
    open.length > 0 ? exposeForwarders(estate, balancer, open) : exposeLoadBalancer(estate, balancer);
  if (open.length === 0) {
    const state = stateOfWays(front);
    if (rulesMissing && state === 'yes')
      return [unsettledWay(forwardingMissing(estate, balancer, described))];
    if (!rulesMissing && state !== 'no') return [notForwarded(instance, balancer, group, login)];
  }
  const ports = [...new Set(targets.flatMap(({ port }) => port ?? facts.Port ?? []))];
  const unwell = targets.flatMap(({ health }) =>
    health === undefined || health === 'healthy' ? [] : [health],
  );
  return behind(target, {
    balancer,
    front,
    ports,
    sender: {
      groups,
      subnets,
      region,
      clients: Type === 'network' && keepsClients(facts),
      protocols: protocolsOf(facts),
    },
    via: [group.name, ...(typeof link === 'object' ? [link.via] : [])],
    where: wordsOf(open),
    isForSome: open.length > 0 && open.every(({ clients }) => clients !== null),
    notes:
      unwell.length === 0
        ? []
        : [`${calledFirst(instance)} is ${unwell[0]} in ${called(group)}, and is reached all the same.`],
  });
}

function notForwarded(
  instance: EstateResource,
  balancer: EstateResource,
  group: EstateResource,
  login: 'oidc' | 'mtls' | null,
): ExposureRecord {
  return login !== null
    ? closedWay(
        [
          evidence(
            `${calledFirst(instance)} stands behind ${called(balancer)}, which asks for ${login === 'mtls' ? 'a client certificate' : 'a login'} first: reachable behind ${login}.`,
            balancer,
          ),
        ],
        { auth: login, via: [balancer.name, group.name], gates: [`login at ${balancer.name}`] },
      )
    : closedWay([evidence(`No listener of ${called(balancer)} forwards to ${called(group)}.`, balancer)], {
        via: [balancer.name],
      });
}

/** Whether targets see the client's own address: an attribute, else its default (attack-paths §2.3). */
function keepsClients({ TargetType, Protocol, PreserveClientIp }: TargetGroupFacts): boolean {
  if (Protocol === 'UDP' || Protocol === 'TCP_UDP') return true;
  return PreserveClientIp === undefined ? TargetType === 'instance' : PreserveClientIp === 'true';
}

function protocolsOf({ Protocol }: TargetGroupFacts): readonly ('tcp' | 'udp')[] {
  return Protocol === 'UDP' ? ['udp'] : Protocol === 'TCP_UDP' ? ['tcp', 'udp'] : ['tcp'];
}

function wordsOf(open: readonly Forwarder[]): readonly string[] {
  return open.some(({ where }) => where.length === 0) ? [] : open.flatMap(({ where }) => where);
}

/** One load balancer, and what it does with a request for the instance. */
interface Balancing {
  readonly balancer: EstateResource;
  readonly front: readonly ExposureRecord[];
  readonly ports: readonly number[];
  readonly sender: Sender;
  readonly via: readonly string[];
  /** Hosts and paths for which it forwards; empty for all. */
  readonly where: readonly string[];
  readonly notes: readonly string[];
  /** It forwards only what comes from some addresses. */
  readonly isForSome: boolean;
}

/** The way through one load balancer: it must answer strangers, and the instance must answer it. */
function behind(target: GuardedTarget, through: Balancing): readonly ExposureRecord[] {
  const { instance } = target;
  const { balancer, front, ports, sender, where, notes } = through;
  const via = [balancer.name, ...through.via];
  const state = stateOfWays(front);
  if (state === 'no') {
    // Whoever may send on, the load balancer itself answers strangers.
    const isReached = through.isForSome && stateOfWays(exposeLoadBalancer(target.estate, balancer)) !== 'no';
    return [
      closedWay(
        [
          evidence(
            `${calledFirst(instance)} stands behind ${called(balancer)}, ${isReached ? 'which passes on nothing that any stranger sends' : 'which the internet does not reach'}.`,
            balancer,
          ),
          ...front.flatMap((way) => way.evidence).slice(0, 4),
        ],
        { via, gates: front.flatMap((way) => (way.verdict === 'no' ? way.gates : [])) },
      ),
      ...narrow(target, through, via),
    ];
  }
  const admissions = ports.map((port) => ({ port, admission: admits(target, port, sender) }));
  if (admissions.length > 0 && admissions.every(({ admission }) => admission.state === 'no')) {
    return [
      closedWay(
        [
          evidence(
            `The security groups of ${called(instance)} do not let ${called(balancer)} in on ${ports.join(', ')}.`,
            instance,
          ),
        ],
        {
          via,
          gates: target.interfaces.flatMap((each) =>
            (each.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
          ),
        },
      ),
    ];
  }
  const missing = admissions.flatMap(({ admission }) =>
    admission.state === 'unknown' ? admission.missing : [],
  );
  const admitted = admissions.flatMap(({ port, admission }) =>
    admission.state === 'yes' ? [{ port, admission }] : [],
  );
  if (state === 'unknown' || admitted.length === 0) {
    return [
      unsettledWay(
        [
          ...front.flatMap((way) => way.missing),
          ...missing,
          ...(admissions.length === 0
            ? [`the port on which ${instance.name} serves ${balancer.name}: aws elbv2 describe-target-groups`]
            : []),
        ],
        [],
        { via },
      ),
    ];
  }
  const said = [
    evidence(
      `${calledFirst(instance)} is a target of ${called(balancer)}, which the internet reaches.`,
      balancer,
    ),
    ...notes.map((note) => evidence(note, balancer)),
  ];
  const hosts = where.length === 0 ? '' : ` (${where.slice(0, 4).join(', ')})`;
  const fronts = oneForEach(publicWays(front));
  return admitted.flatMap(({ port, admission }) =>
    fronts.map((way) =>
      throughWay(way, {
        surface: `${admission.protocol}/${port} through ${balancer.name}${hosts}`,
        via: [...via, ...admission.via],
        gates: admission.gates,
        evidence: admission.proof === undefined ? said : [...said, admission.proof],
      }),
    ),
  );
}

/** Listeners for the same people with the same login are one way to the target. */
function oneForEach(ways: readonly ExposureRecord[]): readonly ExposureRecord[] {
  const seen = new Map<string, ExposureRecord>();
  for (const way of ways) {
    const key = `${way.audience} ${way.auth} ${way.via[0] ?? ''}`;
    if (!seen.has(key)) seen.set(key, way);
  }
  return [...seen.values()];
}

/** Named outsiders who reach the load balancer reach what stands behind it. */
function narrow(
  target: GuardedTarget,
  through: Balancing,
  via: readonly string[],
): readonly ExposureRecord[] {
  const ways = through.front.filter(
    (way) =>
      way.verdict === 'yes' &&
      (way.audience === 'partner' || way.audience === 'cdn-only' || way.audience === 'corp'),
  );
  if (ways.length === 0) return [];
  const admitted = through.ports.flatMap((port) => {
    const admission = admits(target, port, through.sender);
    return admission.state === 'yes' ? [{ port, protocol: admission.protocol }] : [];
  });
  return admitted.flatMap(({ port, protocol }) =>
    oneForEach(ways).map((way) =>
      throughWay(way, {
        surface: `${protocol}/${port} through ${through.balancer.name}`,
        via,
        evidence: [
          evidence(
            `${calledFirst(target.instance)} is a target of ${called(through.balancer)}.`,
            through.balancer,
          ),
        ],
      }),
    ),
  );
}

export type Admission =
  | { readonly state: 'no' }
  | {
      readonly state: 'yes';
      readonly gates: readonly string[];
      readonly via: readonly string[];
      readonly protocol: 'tcp' | 'udp';
      /** What was seen to prove it, where no rule says so. */
      readonly proof?: Evidence;
    }
  | { readonly state: 'unknown'; readonly missing: readonly string[] };

export interface Sender {
  readonly groups: readonly string[];
  readonly subnets: readonly string[];
  readonly region: string | null;
  /** The sender keeps the address of its client. */
  readonly clients: boolean;
  readonly protocols: readonly ('tcp' | 'udp')[];
}

/** Whether the instance's security groups let a load balancer in on a port. */
function admits(target: GuardedTarget, port: number, sender: Sender): Admission {
  const { estate, region } = target;
  if (target.guard !== undefined) return target.guard(port, sender);
  const { known, missing: unknownSubnets } = sourceRanges(target, sender);
  const wanted: readonly Surface[] = sender.protocols.map((protocol) => ({
    protocol,
    from: port,
    to: port,
    sources: known,
  }));
  const groups = new Set(sender.groups);
  const missing: string[] = [];
  for (const each of target.interfaces) {
    const ids = groupsOfInterface(each);
    for (const protocol of sender.protocols) {
      const naming = ids.find((id) => letsGroupIn(estate, id, port, groups, region, [protocol]));
      if (naming !== undefined)
        return {
          state: 'yes',
          via: [naming],
          gates: [`${naming} ingress ${protocol}/${port} from a group`],
          protocol,
        };
    }
    const passage = securityGroups(estate, ids, region);
    const certain = intersectSurfaces(passage.certain, wanted);
    const [first] = sender.clients ? publicPorts(certain) : certain;
    if (first !== undefined)
      return {
        state: 'yes',
        via: ids,
        gates: audiencePorts(certain).flatMap(({ gates }) => gates),
        protocol: first.protocol,
      };
    if (intersectSurfaces(passage.possible, wanted).length > certain.length) missing.push(...passage.missing);
    // Without its subnets a load balancer may have any private address.
    else if (unknownSubnets.length > 0 && admitsPrivate(passage.possible, port))
      missing.push(...unknownSubnets);
  }
  return missing.length > 0 ? { state: 'unknown', missing } : { state: 'no' };
}

function admitsPrivate(surfaces: readonly Surface[], port: number): boolean {
  return surfaces.some(
    (surface) => surface.from <= port && port <= surface.to && !coversAddresses(INTERNET, surface.sources),
  );
}

/** Where a load balancer's packets come from: its clients, or its own subnets. */
function sourceRanges(
  { estate, vpcId }: BalancedTarget,
  { clients, subnets, region }: Sender,
): { readonly known: AddressSet; readonly missing: readonly string[] } {
  if (clients) return { known: INTERNET, missing: [] };
  const ranges = subnets.flatMap((id) => {
    const subnet = estate.find('subnet', id, region);
    const range = subnet === undefined ? null : parseAddresses(estate.facts(SUBNET, subnet).CidrBlock ?? '');
    return range === null ? [] : [range];
  });
  return {
    known: unionAddresses(NO_ADDRESSES, ...ranges),
    missing:
      ranges.length < subnets.length
        ? [`the subnets of ${vpcId ?? 'the VPC'}: aws ec2 describe-subnets`]
        : [],
  };
}
