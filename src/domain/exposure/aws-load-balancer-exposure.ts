import { type AddressSet, NO_ADDRESSES, parseAddresses, unionAddresses } from '#base/address-set.ts';
import {
  CLASSIC_LOAD_BALANCER,
  INTERFACE,
  type InterfaceFacts,
  LISTENER,
  LISTENER_RULE,
  type ListenerActionFacts,
  LOAD_BALANCER,
  type LoadBalancerFacts,
  SECURITY_GROUP,
  SUBNET,
  TARGET_GROUP,
  TARGET_HEALTH,
  type TargetGroupFacts,
  VPC,
} from '../resource/facts/aws-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import { INTERNET, isPublic, widerAudience } from './aws-audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import {
  type AwsExposure,
  combineExposures,
  type ExposedSurface,
  evidence,
  exposureUnknown,
  notExposed,
} from './aws-exposure-record.ts';
import { securityGroups } from './aws-layers.ts';
import { exposeOnNetwork, overlaps } from './aws-network-exposure.ts';
import { intersectSurfaces, publicPorts, type Surface, sourcesOf } from './aws-surface.ts';

/** Whether an application or network load balancer answers the internet. */
export function exposeLoadBalancer(estate: AwsEstate, resource: EstateResource): AwsExposure {
  return exposeListeners(estate, resource, null);
}

/** The same for some of its listeners; for all of them where `only` is null. */
function exposeListeners(
  estate: AwsEstate,
  resource: EstateResource,
  only: readonly ListenerOf[] | null,
): AwsExposure {
  const facts = estate.facts(LOAD_BALANCER, resource);
  if (facts.Type === 'gateway')
    return notExposed(
      evidence(
        `${resource.name} is a gateway load balancer, which passes traffic on and answers nobody.`,
        resource,
      ),
    );
  if (facts.Scheme === 'internal') {
    return notExposed(
      evidence(
        `The scheme of ${resource.name} is internal. Assumed: no Global Accelerator and no VPC origin of CloudFront stands in front.`,
        resource,
      ),
    );
  }
  if (facts.Scheme !== 'internet-facing')
    return exposureUnknown([`the scheme of ${resource.name}: aws elbv2 describe-load-balancers`]);
  if (facts.State?.Code === 'provisioning')
    return notExposed(evidence(`${resource.name} is still being provisioned: dormant.`, resource));
  const region = estate.regionOf(resource);
  const listeners = only ?? listenersOf(estate, facts);
  if (listeners.length === 0 && estate.isListed('listener', region))
    return notExposed(evidence(`${resource.name} has no listener.`, resource));
  const network = exposeOnNetwork(estate, {
    resource,
    what: resource.name,
    // AWS gives a public address to every internet-facing load balancer and names none.
    addresses: null,
    groups:
      facts.Type === 'network' && (facts.SecurityGroups ?? []).length === 0
        ? null
        : (facts.SecurityGroups ?? null),
    subnets: (facts.AvailabilityZones ?? []).flatMap((zone) => zone.SubnetId ?? []),
    vpc: facts.VpcId,
    ports:
      listeners.length === 0
        ? null
        : listeners.flatMap((listener) => portsOfListener(listener.Port, listener.Protocol)),
    auth:
      listeners.length > 0 && listeners.every((listener) => listener.MutualAuthentication?.Mode === 'verify')
        ? 'mtls'
        : 'app',
  });
  // Open groups and routes around ports on which nothing may listen prove nothing yet.
  if (network.state === 'yes' && listeners.length === 0)
    return exposureUnknown([`listeners of ${resource.name}: aws elbv2 describe-listeners`], network.evidence);
  return network;
}

/** Whether a classic load balancer answers the internet. */
export function exposeClassicLoadBalancer(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const facts = estate.facts(CLASSIC_LOAD_BALANCER, resource);
  if (facts.Scheme === 'internal')
    return notExposed(evidence(`The scheme of ${resource.name} is internal.`, resource));
  if (facts.Scheme !== 'internet-facing')
    return exposureUnknown([`the scheme of ${resource.name}: aws elb describe-load-balancers`]);
  return exposeOnNetwork(estate, {
    resource,
    what: resource.name,
    addresses: null,
    groups: facts.SecurityGroups ?? [],
    subnets: facts.Subnets ?? [],
    vpc: facts.VPCId,
    ports: (facts.ListenerDescriptions ?? []).flatMap(({ Listener }) =>
      portsOfListener(Listener?.LoadBalancerPort, Listener?.Protocol),
    ),
    auth: 'app',
  });
}

function portsOfListener(
  port: number | undefined,
  protocol: string | undefined,
): readonly Omit<Surface, 'sources'>[] {
  if (port === undefined) return [];
  const own = { from: port, to: port };
  switch (protocol?.toUpperCase()) {
    case 'UDP':
      return [{ protocol: 'udp', ...own }];
    case 'TCP_UDP':
      return [
        { protocol: 'tcp', ...own },
        { protocol: 'udp', ...own },
      ];
    default:
      return [{ protocol: 'tcp', ...own }];
  }
}

type ListenerOf = ReturnType<typeof listenersOf>[number];

function listenersOf(estate: AwsEstate, { LoadBalancerArn }: LoadBalancerFacts) {
  return estate
    .ofType('listener')
    .map((listener) => estate.facts(LISTENER, listener))
    .filter((listener) => LoadBalancerArn !== undefined && listener.LoadBalancerArn === LoadBalancerArn);
}

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
  const target: Target = {
    estate,
    instance,
    instanceId,
    interfaces,
    vpcId,
    region: estate.regionOf(instance),
  };
  const ways = [...classicWays(target), ...targetGroupWays(target)];
  if (ways.some((way) => way.state === 'yes')) return combineExposures(ways);
  return combineExposures([...ways, unseenWays(target)]);
}

interface Target {
  readonly estate: AwsEstate;
  readonly instance: EstateResource;
  readonly instanceId: string | undefined;
  readonly interfaces: readonly InterfaceFacts[];
  readonly vpcId: string | undefined;
  readonly region: string | null;
}

function classicWays(target: Target): readonly AwsExposure[] {
  const { estate, instanceId, instance } = target;
  return estate.ofType('classic-load-balancer').flatMap((balancer) => {
    const facts = estate.facts(CLASSIC_LOAD_BALANCER, balancer);
    if (!(facts.Instances ?? []).some((each) => each.InstanceId === instanceId)) return [];
    const front = exposeClassicLoadBalancer(estate, balancer);
    const ports = (facts.ListenerDescriptions ?? []).flatMap(({ Listener }) => Listener?.InstancePort ?? []);
    return [
      behind(
        front,
        balancer,
        instance,
        ports,
        ports.map((port) =>
          admits(target, port, {
            groups: facts.SecurityGroups ?? [],
            subnets: facts.Subnets ?? [],
            clients: false,
          }),
        ),
      ),
    ];
  });
}

function targetGroupWays(target: Target): readonly AwsExposure[] {
  const { estate, instance } = target;
  const addresses = new Set(
    target.interfaces.flatMap((each) => [
      each.PrivateIpAddress,
      ...(each.PrivateIpAddresses ?? []).map((address) => address.PrivateIpAddress),
    ]),
  );
  return estate.ofType('target-group').flatMap((group) => {
    const facts = estate.facts(TARGET_GROUP, group);
    const targets = targetsOf(estate, group, facts).filter(
      ({ Id }) => Id !== undefined && (Id === target.instanceId || addresses.has(Id)),
    );
    if (targets.length === 0) return [];
    return (facts.LoadBalancerArns ?? []).map((arn): AwsExposure => {
      const balancer = estate.find('load-balancer', arn, target.region);
      if (balancer === undefined)
        return exposureUnknown([
          `load balancer ${arn}, which has ${instance.name} as a target: aws elbv2 describe-load-balancers`,
        ]);
      const described = estate.facts(LOAD_BALANCER, balancer);
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
      const ports = targets.flatMap((each) => each.Port ?? facts.Port ?? []);
      // Instances behind a network load balancer see the client's own address.
      const clients =
        described.Type === 'network' &&
        (facts.TargetType === 'instance' || facts.Protocol === 'UDP' || facts.Protocol === 'TCP_UDP');
      const subnets = (described.AvailabilityZones ?? []).flatMap((zone) => zone.SubnetId ?? []);
      return behind(
        front,
        balancer,
        instance,
        ports,
        ports.map((port) =>
          admits(target, port, { groups: described.SecurityGroups ?? [], subnets, clients }),
        ),
      );
    });
  });
}

function targetsOf(
  estate: AwsEstate,
  group: EstateResource,
  { TargetGroupArn, TargetGroupName }: TargetGroupFacts,
) {
  return estate
    .ofType('target-health')
    .map((each) => estate.facts(TARGET_HEALTH, each))
    .filter(
      ({ TargetGroup }) =>
        TargetGroup !== undefined &&
        (TargetGroup === TargetGroupName || TargetGroup === TargetGroupArn || TargetGroup === group.name),
    );
}

/** The listeners that forward to a target group without a login, and what is known of the others. */
function forwarders(estate: AwsEstate, listeners: readonly ListenerOf[], targetGroup: string | undefined) {
  const rules = estate.ofType('listener-rule').map((rule) => estate.facts(LISTENER_RULE, rule));
  const open: ListenerOf[] = [];
  let behindLogin = false;
  let rulesMissing = listeners.length === 0;
  for (const listener of listeners) {
    const prefix = `${listener.ListenerArn?.replace(':listener/', ':listener-rule/')}/`;
    const own = rules.filter((rule) => rule.RuleArn?.startsWith(prefix) === true);
    if (own.length === 0) rulesMissing = true;
    const forwarding = [listener.DefaultActions ?? [], ...own.map((rule) => rule.Actions ?? [])].filter(
      (actions) => actions.some((action) => forwardsTo(action, targetGroup)),
    );
    const withLogin = forwarding.filter((actions) =>
      actions.some((action) => action.Type === 'authenticate-oidc' || action.Type === 'authenticate-cognito'),
    );
    if (forwarding.length > withLogin.length) open.push(listener);
    else if (withLogin.length > 0) behindLogin = true;
  }
  return { open, behindLogin, rulesMissing };
}

function forwardsTo(action: ListenerActionFacts, targetGroup: string | undefined): boolean {
  if (action.Type !== 'forward' || targetGroup === undefined) return false;
  return (
    action.TargetGroupArn === targetGroup ||
    (action.ForwardConfig?.TargetGroups ?? []).some((group) => group.TargetGroupArn === targetGroup)
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
}

/** Whether the instance's security groups let a load balancer in on a port. */
function admits(target: Target, port: number, sender: Sender): Admission {
  const { estate, region } = target;
  const wanted: readonly Surface[] = [
    { protocol: 'tcp', from: port, to: port, sources: unionAddresses(...sourceRanges(target, sender)) },
  ];
  const missing: string[] = [];
  for (const each of target.interfaces) {
    const ids = (each.Groups ?? []).flatMap((group) => group.GroupId ?? []);
    if (ids.some((id) => refersTo(estate, id, port, sender.groups, region))) return { state: 'yes' };
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
function sourceRanges({ estate, region }: Target, { clients, subnets }: Sender): readonly AddressSet[] {
  if (clients) return [INTERNET];
  const ranges = subnets.flatMap((id) => {
    const subnet = estate.find('subnet', id, region);
    const range = subnet === undefined ? null : parseAddresses(estate.facts(SUBNET, subnet).CidrBlock ?? '');
    return range === null ? [] : [range];
  });
  return [NO_ADDRESSES, ...ranges];
}

function refersTo(
  estate: AwsEstate,
  groupId: string,
  port: number | null,
  senders: readonly string[] | null,
  region: string | null,
): boolean {
  const group = estate.find('security-group', groupId, region);
  if (group === undefined) return false;
  return (estate.facts(SECURITY_GROUP, group).IpPermissions ?? []).some((permission) => {
    const named = (permission.UserIdGroupPairs ?? []).some(
      (pair) => pair.GroupId !== undefined && (senders === null || senders.includes(pair.GroupId)),
    );
    const all =
      permission.IpProtocol === '-1' || permission.FromPort === undefined || permission.FromPort < 0;
    return (
      named &&
      (port === null ||
        all ||
        ((permission.FromPort ?? 0) <= port && port <= (permission.ToPort ?? permission.FromPort ?? 0)))
    );
  });
}

/** Load balancers that may have the instance as a target although no description says so. */
function unseenWays(target: Target): AwsExposure {
  const { estate, instance, region } = target;
  if (!couldAdmitSomething(target))
    return notExposed(evidence(`The security groups of ${instance.name} let no load balancer in.`, instance));
  if (estate.isListed('network-interface', region) && !hasBalancer(target)) {
    return notExposed(
      evidence(`No load balancer has an interface in ${target.vpcId ?? 'its network'}.`, instance),
    );
  }
  const missing: string[] = [];
  if (!estate.isListed('classic-load-balancer', region))
    missing.push('classic load balancers: aws elb describe-load-balancers');
  if (!estate.isListed('load-balancer', region))
    missing.push('load balancers: aws elbv2 describe-load-balancers');
  const facing = estate.ofType('load-balancer').filter((balancer) => {
    const facts = estate.facts(LOAD_BALANCER, balancer);
    return facts.VpcId === target.vpcId && exposeLoadBalancer(estate, balancer).state !== 'no';
  });
  if (facing.length > 0) {
    if (!estate.isListed('target-group', region))
      missing.push('target groups: aws elbv2 describe-target-groups');
    const arns = new Set(facing.map((balancer) => estate.facts(LOAD_BALANCER, balancer).LoadBalancerArn));
    for (const group of estate.ofType('target-group')) {
      const facts = estate.facts(TARGET_GROUP, group);
      if (
        (facts.LoadBalancerArns ?? []).some((arn) => arns.has(arn)) &&
        targetsOf(estate, group, facts).length === 0
      ) {
        missing.push(
          `targets of ${group.name}: aws elbv2 describe-target-health > elbv2-describe-target-health-${group.name}.json`,
        );
      }
    }
  }
  return missing.length > 0
    ? exposureUnknown(missing)
    : notExposed(
        evidence(`No load balancer that the internet reaches has ${instance.name} as a target.`, instance),
      );
}

/** Whether a rule of the instance's groups would let in a group, an address of its VPC, or the internet. */
function couldAdmitSomething({ estate, interfaces, region, vpcId }: Target): boolean {
  const vpc = estate.find('vpc', vpcId, region);
  const facts = vpc === undefined ? {} : estate.facts(VPC, vpc);
  const ranges = [
    facts.CidrBlock,
    ...(facts.CidrBlockAssociationSet ?? []).map((each) => each.CidrBlock),
  ].flatMap((cidr) => parseAddresses(cidr ?? '') ?? []);
  const inside = ranges.length === 0 ? null : unionAddresses(...ranges);
  const balancerGroups = knownSenders(estate, region);
  return interfaces.some((each) =>
    (each.Groups ?? []).some(({ GroupId }) => {
      if (GroupId === undefined) return false;
      if (
        estate.find('security-group', GroupId, region) === undefined ||
        refersTo(estate, GroupId, null, balancerGroups, region)
      )
        return true;
      const passage = securityGroups(estate, [GroupId], region);
      const sources = sourcesOf(passage.possible);
      if (publicPorts(passage.possible).length > 0) return true;
      // Without the VPC's ranges any rule for private addresses could mean a load balancer's subnet.
      return inside === null
        ? passage.possible.length > 0 && !onlyOutside(sources)
        : overlaps(sources, inside);
    }),
  );
}

/** Every address of the set is on the internet, so none is in a VPC. */
function onlyOutside(sources: AddressSet): boolean {
  return !overlaps(sources, PRIVATE);
}

const PRIVATE: AddressSet = unionAddresses(
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].flatMap(
    (cidr) => parseAddresses(cidr) ?? [],
  ),
);

/** Groups of load balancers; null, for any group, while not all load balancers are known. */
function knownSenders(estate: AwsEstate, region: string | null): readonly string[] | null {
  if (!estate.isListed('load-balancer', region) || !estate.isListed('classic-load-balancer', region))
    return null;
  return [
    ...estate
      .ofType('load-balancer')
      .flatMap((balancer) => estate.facts(LOAD_BALANCER, balancer).SecurityGroups ?? []),
    ...estate
      .ofType('classic-load-balancer')
      .flatMap((balancer) => estate.facts(CLASSIC_LOAD_BALANCER, balancer).SecurityGroups ?? []),
  ];
}

/** Whether a load balancer or one of its interfaces is described in the instance's VPC. */
function hasBalancer({ estate, vpcId }: Target): boolean {
  const isHere = (vpc: string | undefined): boolean =>
    vpcId === undefined || vpc === undefined || vpc === vpcId;
  return (
    estate.ofType('load-balancer').some((each) => isHere(estate.facts(LOAD_BALANCER, each).VpcId)) ||
    estate
      .ofType('classic-load-balancer')
      .some((each) => isHere(estate.facts(CLASSIC_LOAD_BALANCER, each).VPCId)) ||
    estate.ofType('network-interface').some((each) => {
      const facts = estate.facts(INTERFACE, each);
      return (
        isHere(facts.VpcId) &&
        (facts.RequesterId === 'amazon-elb' ||
          facts.Description?.startsWith('ELB ') === true ||
          facts.InterfaceType?.includes('load_balancer') === true)
      );
    })
  );
}
