import type { AddressSet } from '#base/address-set.ts';
import { called, calledFirst } from '../resource/called.ts';
import {
  CLASSIC_LOAD_BALANCER,
  type ListenerFacts,
  LOAD_BALANCER,
  type LoadBalancerFacts,
  TARGET_GROUP,
} from '../resource/facts/aws-network-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { INTERNET, narrowerAudience } from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { Front } from './aws-front.ts';
import { frontsOf } from './aws-fronts.ts';
import { groupsOrUnknown, letsGroupIn, securityGroups } from './aws-layers.ts';
import {
  type Forwarder,
  listenerAuth,
  listenersMissing,
  listenersOf,
  portsOfListener,
} from './aws-listener.ts';
import { exposeOnNetwork } from './aws-network-exposure.ts';
import { targetsById } from './aws-target-group.ts';
import { closedWay, dormant, publicWays, stateOfWays, throughWay, unsettledWay } from './aws-way-in.ts';
import { behindWebAcl, webAclOf } from './aws-web-acl.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { EVERYWHERE } from './passage.ts';
import { everyPort, intersectSurfaces, portsText, type Surface } from './surface.ts';

/** How an application or network load balancer is reached (attack-paths §2.3). */
export function exposeLoadBalancer(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const verdicts = estate.derived(frontVerdicts);
  const known = verdicts.get(resource);
  if (known !== undefined) return known;
  // Whatever a description says, nothing stands behind itself.
  verdicts.set(resource, []);
  const records = exposeListeners(estate, resource, null);
  verdicts.set(resource, records);
  return records;
}

/** Network load balancers that have this one as a target. */
function balancersBefore(estate: AwsEstate, arn: string | undefined): readonly Front[] {
  return (estate.derived(targetsById).get(arn ?? '') ?? []).flatMap(({ group }) =>
    (estate.facts(TARGET_GROUP, group).LoadBalancerArns ?? []).flatMap((other): Front[] => {
      const resource = other === arn ? undefined : estate.find('load-balancer', other);
      return resource === undefined
        ? []
        : [
            {
              resource,
              login: null,
              keepsClients: true,
              records: () => exposeLoadBalancer(estate, resource),
            },
          ];
    }),
  );
}

const frontVerdicts = (): Map<EstateResource, readonly ExposureRecord[]> => new Map();

/** The same for some of its listeners; for all of them where `only` is null. */
function exposeListeners(
  estate: AwsEstate,
  resource: EstateResource,
  only: readonly ListenerFacts[] | null,
): readonly ExposureRecord[] {
  const facts = estate.facts(LOAD_BALANCER, resource);
  if (facts.Type === 'gateway')
    return [
      closedWay([
        evidence(
          `${calledFirst(resource)} is a gateway load balancer, which passes traffic on and answers nobody.`,
          resource,
        ),
      ]),
    ];
  const listeners = only ?? listenersOf(estate, facts);
  const fronts = [
    ...frontsOf(estate, [facts.LoadBalancerArn, facts.DNSName]),
    ...balancersBefore(estate, facts.LoadBalancerArn),
  ];
  const ways = [
    ...fromInternet(estate, resource, facts, listeners, fronts.length > 0),
    ...fronts.flatMap((front) => throughFront(estate, resource, facts, listeners, front)),
  ];
  return behindWebAcl(ways, webAclOf(estate, facts.LoadBalancerArn));
}

/** How a load balancer is reached where it passes on by these listeners: by those alone whose requests they forward. */
export function exposeForwarders(
  estate: AwsEstate,
  balancer: EstateResource,
  open: readonly Forwarder[],
): readonly ExposureRecord[] {
  const forAll = open.filter(({ clients }) => clients === null);
  if (forAll.length > 0)
    return exposeListeners(
      estate,
      balancer,
      forAll.map(({ listener }) => listener),
    );
  return open.flatMap(({ listener, clients }) =>
    exposeListeners(estate, balancer, [listener]).map((way) =>
      way.verdict === 'no' || clients === null
        ? way
        : throughWay(way, {
            audience: narrowerAudience(way.audience, estate.audienceOf(clients.addresses)),
            gates: [`source-ip of a rule of ${balancer.name}`],
            evidence: [
              evidence(
                `${calledFirst(balancer)} passes on only what comes from ${clients.ranges.slice(0, 4).join(', ')}.`,
                balancer,
              ),
            ],
          }),
    ),
  );
}

function fromInternet(
  estate: AwsEstate,
  resource: EstateResource,
  facts: LoadBalancerFacts,
  listeners: readonly ListenerFacts[],
  hasFront: boolean,
): readonly ExposureRecord[] {
  const region = estate.regionOf(resource);
  if (facts.Scheme === 'internal') {
    const isShareable = facts.Type === 'network';
    const isCertain =
      hasFront ||
      (estate.isListed('global-accelerator', null) &&
        estate.isListed('cloudfront-distribution', null) &&
        (!isShareable || estate.isListed('vpc-endpoint-service', region)));
    const assumed = isCertain
      ? ''
      : ` Assumed: no Global Accelerator and no VPC origin of CloudFront stands in front${isShareable ? ', and no endpoint service shares it' : ''}.`;
    return [
      closedWay([evidence(`The scheme of ${called(resource)} is internal.${assumed}`, resource)], {
        gates: ['Scheme internal'],
      }),
    ];
  }
  if (facts.Scheme !== 'internet-facing')
    return [unsettledWay([`the scheme of ${resource.name}: aws elbv2 describe-load-balancers`])];
  if (listeners.length === 0 && estate.isListed('listener', region))
    return [closedWay([evidence(`${calledFirst(resource)} has no listener.`, resource)])];
  const network = (own: readonly ListenerFacts[], auth: ExposureRecord['auth']): readonly ExposureRecord[] =>
    exposeOnNetwork(estate, {
      resource,
      what: called(resource),
      addresses: null,
      families: familiesOf(facts),
      groups: groupsOf(resource, facts),
      subnets: (facts.AvailabilityZones ?? []).flatMap((zone) => zone.SubnetId ?? []),
      vpc: facts.VpcId,
      ports:
        own.length === 0
          ? null
          : own.flatMap((listener) => portsOfListener(listener.Port, listener.Protocol)),
      auth,
    });
  // Open groups and routes around ports on which nothing may listen prove nothing yet.
  const records =
    listeners.length === 0
      ? network([], 'app').map((way) =>
          way.verdict === 'yes' ? unsettledWay([listenersMissing(resource, facts)], way.evidence, way) : way,
        )
      : [...Map.groupBy(listeners, (listener) => listenerAuth(estate, listener))].flatMap(([auth, own]) =>
          network(own, auth),
        );
  return facts.State?.Code === 'provisioning'
    ? dormant(records, evidence(`${calledFirst(resource)} is still being provisioned: dormant.`, resource))
    : records;
}

/** Null where groups play no part: network load balancers may have none. */
function groupsOf(
  { name }: EstateResource,
  { Type, SecurityGroups }: LoadBalancerFacts,
): readonly string[] | null {
  return Type === 'network' && (SecurityGroups ?? []).length === 0
    ? null
    : groupsOrUnknown(SecurityGroups, name, 'aws elbv2 describe-load-balancers');
}

/** Who could send to it: AWS gives every internet-facing one public addresses of these families, and names none. */
function familiesOf({ IpAddressType }: LoadBalancerFacts): 'v4' | 'v6' | 'both' {
  switch (IpAddressType) {
    case 'dualstack':
      return 'both';
    case 'dualstack-without-public-ipv4':
      return 'v6';
    default:
      return 'v4';
  }
}

/** Through an accelerator, a distribution or another load balancer in front, which an internal one may have too. */
function throughFront(
  estate: AwsEstate,
  resource: EstateResource,
  facts: LoadBalancerFacts,
  listeners: readonly ListenerFacts[],
  front: Front,
): readonly ExposureRecord[] {
  const said = evidence(`${calledFirst(resource)} stands behind ${called(front.resource)}.`, front.resource);
  const records = front.records();
  const ways = publicWays(records);
  if (ways.length === 0 && stateOfWays(records) !== 'unknown') return [];
  if (front.login !== null)
    return [
      closedWay([said, evidence(`Reachable behind ${front.login}.`, front.resource)], {
        auth: front.login,
        via: [front.resource.name],
      }),
    ];
  const groups = groupsOf(resource, facts);
  if (front.keepsClients && groups !== null && !admitsGroupOf(estate, resource, groups, listeners, front)) {
    const passage = securityGroups(estate, groups, estate.regionOf(resource));
    const asked = asksOn(listeners, INTERNET);
    if (intersectSurfaces(passage.possible, asked).length === 0)
      return [
        closedWay(
          [said, evidence(`The security groups of ${called(resource)} let no client of it in.`, resource)],
          { via: [front.resource.name], gates: groups },
        ),
      ];
    if (intersectSurfaces(passage.certain, asked).length === 0)
      return [unsettledWay(passage.missing, [said], { via: [front.resource.name] })];
  }
  if (!front.keepsClients && groups !== null && letsNobodyIn(estate, resource, groups, listeners))
    return [
      closedWay([said, evidence(`The security groups of ${called(resource)} do not let it in.`, resource)], {
        via: [front.resource.name],
        gates: groups,
      }),
    ];
  return (ways.length > 0 ? ways : records.filter(({ verdict }) => verdict === 'unknown')).map((way) =>
    throughWay(way, {
      surface: `${listeners.length === 0 ? 'any' : textOf(listeners)} through ${front.resource.name}`,
      via: [resource.name],
      evidence: [said],
    }),
  );
}

/** Whatever stands in front, no rule lets any address or group in where a load balancer listens. */
function letsNobodyIn(
  estate: AwsEstate,
  resource: EstateResource,
  groups: readonly string[],
  listeners: readonly ListenerFacts[],
): boolean {
  const region = estate.regionOf(resource);
  const asked = asksOn(listeners, EVERYWHERE);
  const { possible } = securityGroups(estate, groups, region);
  const ports = listeners.length === 0 ? [null] : listeners.map(({ Port = null }) => Port);
  return (
    intersectSurfaces(possible, asked).length === 0 &&
    !groups.some((group) => ports.some((port) => letsGroupIn(estate, group, port, null, region)))
  );
}

/** A reference to the groups in which a load balancer in front stands holds with kept addresses too. */
function admitsGroupOf(
  estate: AwsEstate,
  resource: EstateResource,
  groups: readonly string[],
  listeners: readonly ListenerFacts[],
  { resource: before }: Front,
): boolean {
  if (before.type !== 'load-balancer') return false;
  const senders = new Set(estate.facts(LOAD_BALANCER, before).SecurityGroups ?? []);
  const region = estate.regionOf(resource);
  return listeners.some(({ Port }) =>
    groups.some((group) => Port !== undefined && letsGroupIn(estate, group, Port, senders, region, ['tcp'])),
  );
}

function asksOn(listeners: readonly ListenerFacts[], sources: AddressSet): readonly Surface[] {
  const ports = listeners.flatMap((listener) => portsOfListener(listener.Port, listener.Protocol));
  return ports.length === 0 ? everyPort(sources) : ports.map((port) => ({ ...port, sources }));
}

function textOf(listeners: readonly ListenerFacts[]): string {
  return listeners
    .flatMap((listener) => portsOfListener(listener.Port, listener.Protocol))
    .map(portsText)
    .slice(0, 5)
    .join(', ');
}

/** How a classic load balancer is reached. */
export function exposeClassicLoadBalancer(
  estate: AwsEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const facts = estate.facts(CLASSIC_LOAD_BALANCER, resource);
  if (facts.Scheme === 'internal')
    return [
      closedWay([evidence(`The scheme of ${called(resource)} is internal.`, resource)], {
        gates: ['Scheme internal'],
      }),
    ];
  if (facts.Scheme !== 'internet-facing')
    return [unsettledWay([`the scheme of ${resource.name}: aws elb describe-load-balancers`])];
  const listeners = facts.ListenerDescriptions;
  const ways = exposeOnNetwork(estate, {
    resource,
    what: called(resource),
    addresses: null,
    groups: groupsOrUnknown(facts.SecurityGroups, resource.name, 'aws elb describe-load-balancers'),
    subnets: facts.Subnets ?? [],
    vpc: facts.VPCId,
    ports:
      listeners?.flatMap(({ Listener }) => portsOfListener(Listener?.LoadBalancerPort, Listener?.Protocol)) ??
      null,
    auth: 'app',
  });
  return listeners === undefined
    ? ways.map((way) =>
        way.verdict === 'yes'
          ? unsettledWay(
              [`listeners of ${resource.name}: aws elb describe-load-balancers`],
              way.evidence,
              way,
            )
          : way,
      )
    : ways;
}
