import {
  type AddressSet,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  parseAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { INTERNET_V4, INTERNET_V6, isInternetAddress, isPublic, shareOfInternet } from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import { internetRoute } from './aws-internet-route.ts';
import { blockPublicAccess, networkAcl, securityGroups } from './aws-layers.ts';
import { closedWay, openWay, unsettledWay } from './aws-way-in.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';
import { type Passage, settled, throughBoth, throughEither } from './passage.ts';
import {
  type AudiencePorts,
  audiencePorts,
  everyPort,
  intersectSurfaces,
  portsText,
  publicPorts,
  type Surface,
} from './surface.ts';

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
  readonly auth: Authentication;
}

/**
 * Who reaches a place: a public address, security groups, Block Public Access, a route to an internet
 * gateway and the network ACL, each for addresses and ports (attack-paths §2.2). It may stand in several
 * subnets; one open subnet is enough. One record for each range of ports and its audience.
 */
export function exposeOnNetwork(estate: AwsEstate, place: NetworkPlace): readonly ExposureRecord[] {
  const { addresses } = place;
  const reachable = { ...place, addresses: addresses === null ? null : addresses.filter(isInternetAddress) };
  const internet = fromInternet(estate, reachable);
  return [...internet, ...fromInside(estate, reachable, internet)];
}

function fromInternet(estate: AwsEstate, place: NetworkPlace): readonly ExposureRecord[] {
  const { resource, what } = place;
  const region = estate.regionOf(resource);
  const senders = sendersTo(place.addresses);
  if (!hasAddresses(senders))
    return [closedWay([evidence(`${what} has no address on the internet.`, resource)], chainOf(place))];

  const asked = intersectPorts(everyPort(senders), place.ports);
  const start: Passage = settled(asked);
  const afterGroups =
    place.groups === null ? start : throughBoth(start, securityGroups(estate, place.groups, region));
  if (afterGroups.possible.length === 0) return [groupsClosed(place)];
  if (place.subnets.length === 0) {
    return publicPorts(afterGroups.possible, estate.audienceOf).length === 0
      ? [groupsClosed(place)]
      : [
          unsettledWay(
            [...afterGroups.missing, `the subnet of ${resource.name}`],
            [],
            chainOf(place, afterGroups),
          ),
        ];
  }
  const ways = place.subnets.map((subnet) =>
    throughBoth(afterGroups, throughSubnet(estate, subnet, place.vpc, region)),
  );
  const passage = ways.length === 1 ? (ways[0] as Passage) : throughEither(ways);
  const open = audiencePorts(passage.certain, estate.audienceOf);
  const records = open.map((ports) => openRecord(place, ports, passage));
  if (passage.missing.length > 0) {
    const doubtful = audiencePorts(passage.possible, estate.audienceOf).filter(
      (ports) => !isWithin(ports, open),
    );
    for (const ports of doubtful.slice(0, UNSETTLED_MAX))
      records.push(
        unsettledWay(passage.missing, notesOf(place, passage), {
          ...chainOf(place, passage),
          surface: portsText(ports),
          audience: ports.audience,
          gates: ports.gates.slice(0, GATES_MAX),
        }),
      );
  }
  if (records.some((record) => isPublic(record.audience))) return records;
  return [...records, closedRecord(estate, place, afterGroups, ways)];
}

const UNSETTLED_MAX = 10;
const GATES_MAX = 20;

/** Everything between a subnet and the internet. */
function throughSubnet(
  estate: AwsEstate,
  subnet: string,
  vpc: string | undefined,
  region: string | null,
): Passage {
  const known = estate.derived(subnetPassages);
  const about = `${region} ${vpc} ${subnet}`;
  const passage =
    known.get(about) ??
    throughBoth(
      throughBoth(blockPublicAccess(estate, subnet, vpc, region), internetRoute(estate, subnet, vpc, region)),
      networkAcl(estate, subnet, vpc),
    );
  known.set(about, passage);
  return passage;
}

const subnetPassages = (): Map<string, Passage> => new Map();

/** The same or fewer people on these ports is told already. */
function isWithin(ports: AudiencePorts, open: readonly AudiencePorts[]): boolean {
  return open.some(
    (each) =>
      each.protocol === ports.protocol &&
      each.from <= ports.from &&
      ports.to <= each.to &&
      (each.audience === ports.audience || isPublic(each.audience)),
  );
}

function openRecord(place: NetworkPlace, ports: AudiencePorts, passage: Passage): ExposureRecord {
  const { resource, what, addresses, auth } = place;
  const address = addresses?.[0];
  const surface = portsText(ports);
  return openWay(
    {
      surface,
      audience: ports.audience,
      auth,
      via: viaOf(place, passage, ports.gates),
      gates: [...(address === undefined ? [] : [`public address ${address}`]), ...ports.gates].slice(
        0,
        GATES_MAX,
      ),
    },
    evidence(
      `${what}${address === undefined ? '' : ` (${address})`} lets ${audienceWords(ports)} in on ${surface}.`,
      resource,
    ),
    ...restsOf(passage, ports.gates),
    ...notesOf(place, passage),
  );
}

function audienceWords({ audience, sources }: AudiencePorts): string {
  switch (audience) {
    case 'internet':
      return 'the whole internet';
    case 'internet-wide':
      return `a large part of the internet (${shareOfInternet(sources)} of IPv4)`;
    case 'cdn-only':
      return 'CloudFront alone';
    case 'corp':
      return "the organisation's own ranges";
    default:
      return 'named addresses';
  }
}

/** The first layer that leaves no public way closes it. */
function closedRecord(
  estate: AwsEstate,
  place: NetworkPlace,
  afterGroups: Passage,
  ways: readonly Passage[],
): ExposureRecord {
  const { resource, what, subnets, vpc } = place;
  if (publicPorts(afterGroups.possible, estate.audienceOf).length === 0) return groupsClosed(place);
  const region = estate.regionOf(resource);
  const gates = subnets.flatMap((subnet) => {
    let passage = afterGroups;
    for (const layer of [
      blockPublicAccess(estate, subnet, vpc, region),
      internetRoute(estate, subnet, vpc, region),
      networkAcl(estate, subnet, vpc),
    ]) {
      passage = throughBoth(passage, layer);
      if (publicPorts(passage.possible, estate.audienceOf).length === 0)
        return layer.rests.slice(-1).map((rest) => rest.name);
    }
    return [];
  });
  const passage = throughEither(ways);
  return closedWay(
    [
      evidence(`${what} has an address on the internet, but ${whatCloses(place)}.`, resource),
      ...restsOf(passage, null),
    ],
    { ...chainOf(place, passage), gates: [...new Set(gates)] },
  );
}

function whatCloses({ subnets }: NetworkPlace): string {
  return subnets.length === 1
    ? `${subnets[0]} gives the internet no way in and out`
    : 'none of its subnets gives the internet a way in and out';
}

function groupsClosed(place: NetworkPlace): ExposureRecord {
  const { resource, what, groups, ports } = place;
  const where = ports === null ? '' : ` on ${ports.map((port) => portsText(port)).join(', ')}`;
  return closedWay(
    [evidence(`The security groups of ${what} let nobody on the internet in${where}.`, resource)],
    { ...chainOf(place), gates: groups ?? [] },
  );
}

/** Addresses that are the network's own, or that a link to it brings. */
const INSIDE: AddressSet = unionAddresses(
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'].map(
    (cidr) => parseAddresses(cidr) as AddressSet,
  ),
);

/** Private ranges on ports that strangers do not reach; whether a link brings somebody there is not looked at. */
function fromInside(
  estate: AwsEstate,
  place: NetworkPlace,
  internet: readonly ExposureRecord[],
): readonly ExposureRecord[] {
  if (place.groups === null) return [];
  const region = estate.regionOf(place.resource);
  const passage = securityGroups(estate, place.groups, region);
  const told = new Set(internet.flatMap(({ verdict, surface }) => (verdict === 'yes' ? [surface] : [])));
  return privatePorts(estate, place, region, passage)
    .filter((ports) => !told.has(portsText(ports)))
    .map((ports) =>
      openWay(
        {
          surface: portsText(ports),
          audience: 'corp',
          auth: place.auth,
          via: viaOf(place, passage, ports.gates),
          gates: ports.gates.slice(0, GATES_MAX),
        },
        evidence(`${place.what} lets private ranges in on ${portsText(ports)}.`, place.resource),
      ),
    );
}

const privatePortsOfGroups = (): Map<string, readonly AudiencePorts[]> => new Map();

/** The ports that groups open to private ranges; the same for everything that stands in them. */
function privatePorts(
  estate: AwsEstate,
  { groups, ports }: NetworkPlace,
  region: string | null,
  passage: Passage,
): readonly AudiencePorts[] {
  const known = estate.derived(privatePortsOfGroups);
  const about = `${region} ${groups?.join(' ')} ${ports?.map(portsText).join(' ')}`;
  const found =
    known.get(about) ??
    audiencePorts(intersectSurfaces(intersectPorts(everyPort(INSIDE), ports), passage.certain)).filter(
      ({ audience }) => audience === 'corp',
    );
  known.set(about, found);
  return found;
}

/** Who could send to these addresses: one family each. */
function sendersTo(addresses: readonly string[] | null): AddressSet {
  if (addresses === null) return INTERNET_V4;
  const v4 = addresses.some((address) => !address.includes(':'));
  const v6 = addresses.some((address) => address.includes(':'));
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

function chainOf(place: NetworkPlace, passage?: Passage): Partial<ExposureRecord> {
  const { ports, auth } = place;
  return {
    auth,
    surface: ports === null || ports.length === 0 ? 'any' : ports.map((port) => portsText(port)).join(', '),
    via: passage === undefined ? [] : viaOf(place, passage, null),
  };
}

/** Address, gateway, route table, network ACL, and of the groups those that let these in. */
function viaOf(
  { addresses, groups }: NetworkPlace,
  { via = [] }: Passage,
  gates: readonly string[] | null,
): readonly string[] {
  const isGroup = new Set(groups ?? []);
  const layers = [...new Set(via)];
  const opening = (name: string): boolean =>
    gates === null || gates.some((gate) => gate.startsWith(`${name} `));
  return [
    ...(addresses ?? []),
    ...layers.filter((name) => !isGroup.has(name)),
    ...layers.filter((name) => isGroup.has(name) && opening(name)),
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
function restsOf({ rests }: Passage, gates: readonly string[] | null): readonly Evidence[] {
  return [...new Set(rests)]
    .filter(
      (rest) =>
        gates === null ||
        rest.type !== 'security-group' ||
        gates.some((gate) => gate.startsWith(`${rest.facts['GroupId']} `)),
    )
    .slice(0, RESTS_MAX)
    .map((rest) => evidence(`${rest.name} ${LAYER_SAYS[rest.type] ?? 'was looked at'}.`, rest));
}

function notesOf({ resource }: NetworkPlace, { notes = [] }: Passage): readonly Evidence[] {
  return [...new Set(notes)].map((note) => evidence(note, resource));
}

/** True where some address of the set could be that of something inside the VPC. */
export function overlaps(a: AddressSet, b: AddressSet): boolean {
  return hasAddresses(intersectAddresses(a, b));
}
