import {
  type AddressSet,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  unionAddresses,
} from '#base/address-set.ts';
import { PREFIX_LIST, SECURITY_GROUP } from '../resource/facts/aws-facts.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { INTERNET_V4, INTERNET_V6, isInternetAddress } from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import { type AwsExposure, type ExposedSurface, exposureUnknown, notExposed } from './aws-exposure-record.ts';
import { blockPublicAccess, internetRoute, networkAcl, securityGroups } from './aws-layers.ts';
import { type Passage, throughBoth, throughEither } from './passage.ts';
import { everyPort, portsText, publicPorts, type Surface } from './surface.ts';

/** Something with addresses in subnets and security groups around it. */
export interface NetworkPlace {
  /** The resource that is exposed, or not. */
  readonly resource: EstateResource;
  /** How sentences call it: `its interface eni-1`, `the load balancer`. */
  readonly what: string;
  /** Addresses of the internet that it has; null where it has one and nobody says which. */
  readonly addresses: readonly string[] | null;
  /** Null where security groups play no part. */
  readonly groups: readonly string[] | null;
  readonly subnets: readonly string[];
  readonly vpc: string | undefined;
  /** Only these ports are served; null where any may be. */
  readonly ports: readonly Omit<Surface, 'sources'>[] | null;
  readonly auth: ExposedSurface['auth'];
}

/**
 * Whether the internet reaches a place: a public address, security groups, Block Public Access, a
 * route to an internet gateway and the network ACL, each for addresses and ports (design: attack
 * paths, EC2). It may stand in several subnets; one open subnet is enough.
 */
export function exposeOnNetwork(estate: AwsEstate, place: NetworkPlace): AwsExposure {
  const { resource, what } = place;
  const region = estate.regionOf(resource);
  const senders = sendersTo(place.addresses);
  if (!hasAddresses(senders))
    return notExposed(evidence(`${what} has no address on the internet.`, resource));

  const asked = intersectPorts(everyPort(senders), place.ports);
  const start: Passage = { certain: asked, possible: asked, missing: [], rests: [] };
  const afterGroups =
    place.groups === null ? start : throughBoth(start, securityGroups(estate, place.groups, region));
  if (publicPorts(afterGroups.possible).length === 0) {
    return notExposed(groupsClosed(estate, place, region));
  }
  if (place.subnets.length === 0)
    return exposureUnknown([...afterGroups.missing, `the subnet of ${resource.name}`]);

  const ways = place.subnets.map((subnet) => {
    const behind = throughBoth(
      throughBoth(
        blockPublicAccess(estate, subnet, place.vpc, region),
        internetRoute(estate, subnet, place.vpc, region),
      ),
      networkAcl(estate, subnet, place.vpc),
    );
    return throughBoth(afterGroups, behind);
  });
  const passage = throughEither(ways);
  const open = publicPorts(passage.certain);
  if (open.length > 0) {
    const surfaces = open.map(
      (ports): ExposedSurface => ({ surface: portsText(ports), audience: ports.audience, auth: place.auth }),
    );
    return { state: 'yes', surfaces, evidence: opened(place, surfaces, passage), missing: [] };
  }
  if (publicPorts(passage.possible).length > 0) return exposureUnknown(passage.missing);
  return notExposed(
    evidence(`${what} has an address on the internet, but ${whatCloses(ways, place)}.`, resource),
    ...restsOf(passage),
  );
}

/** Who could send to these addresses: one family each. */
function sendersTo(addresses: readonly string[] | null): AddressSet {
  if (addresses === null) return INTERNET_V4;
  const reachable = addresses.filter(isInternetAddress);
  const v4 = reachable.some((address) => !address.includes(':'));
  const v6 = reachable.some((address) => address.includes(':'));
  return unionAddresses(v4 ? INTERNET_V4 : NO_ADDRESSES, v6 ? INTERNET_V6 : NO_ADDRESSES);
}

function intersectPorts(surfaces: readonly Surface[], ports: NetworkPlace['ports']): readonly Surface[] {
  if (ports === null) return surfaces;
  return ports.flatMap((port) =>
    surfaces.flatMap((surface) =>
      surface.protocol === port.protocol ? [{ ...port, sources: surface.sources }] : [],
    ),
  );
}

function opened(
  { resource, what, addresses }: NetworkPlace,
  surfaces: readonly ExposedSurface[],
  passage: Passage,
): readonly Evidence[] {
  const address = addresses?.find(isInternetAddress);
  const audience = surfaces.some((surface) => surface.audience === 'internet')
    ? 'the whole internet'
    : 'a large part of the internet';
  return [
    evidence(
      `${what}${address === undefined ? '' : ` (${address})`} lets ${audience} in on ${surfaces
        .map((surface) => surface.surface)
        .slice(0, 5)
        .join(', ')}.`,
      resource,
    ),
    ...restsOf(passage),
  ];
}

const LAYER_SAYS: Readonly<Record<string, string>> = {
  'security-group': 'lets it in',
  'route-table': 'routes the subnet',
  'network-acl': 'filters the subnet',
  'vpc-block-public-access': 'is the VPC Block Public Access option',
  subnet: 'has VPC Block Public Access on',
  vpc: 'has VPC Block Public Access on',
};

const RESTS_MAX = 8;

/** The other descriptions that decided, one sentence each. */
function restsOf({ rests }: Passage): readonly Evidence[] {
  return [...new Set(rests)]
    .slice(0, RESTS_MAX)
    .map((rest) => evidence(`${rest.name} ${LAYER_SAYS[rest.type] ?? 'was looked at'}.`, rest));
}

function whatCloses(ways: readonly Passage[], { subnets }: NetworkPlace): string {
  return ways.length === 1
    ? `${subnets[0]} gives the internet no way in and out`
    : 'none of its subnets gives the internet a way in and out';
}

function groupsClosed(
  estate: AwsEstate,
  { resource, what, groups, ports }: NetworkPlace,
  region: string | null,
): Evidence {
  const lists = (groups ?? []).flatMap((id) => {
    const group = estate.find('security-group', id, region);
    const permissions = group === undefined ? [] : (estate.facts(SECURITY_GROUP, group).IpPermissions ?? []);
    return permissions
      .flatMap((permission) => permission.PrefixListIds ?? [])
      .flatMap(({ PrefixListId }) => {
        const list = estate.find('prefix-list', PrefixListId, region);
        return list === undefined ? [] : [estate.facts(PREFIX_LIST, list).PrefixListName ?? ''];
      });
  });
  const where = ports === null ? '' : ` on ${ports.map((port) => portsText(port)).join(', ')}`;
  const only = lists.some((name) => name.endsWith('cloudfront.origin-facing')) ? ' (CloudFront alone)' : '';
  return evidence(`The security groups of ${what} let nobody on the internet in${where}${only}.`, resource);
}

/** True where some address of the set could be that of something inside the VPC. */
export function overlaps(a: AddressSet, b: AddressSet): boolean {
  return hasAddresses(intersectAddresses(a, b));
}
