import {
  type AddressSet,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  parseAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import { capital } from '#base/text.ts';
import { calledFirst } from '../resource/called.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import {
  INTERNET,
  INTERNET_V4,
  INTERNET_V6,
  isCloudflare,
  isInternetAddress,
  isPublic,
  shareOfInternet,
} from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import { internetRoute } from './aws-internet-route.ts';
import { blockPublicAccess, networkAcl, securityGroups } from './aws-layers.ts';
import { closedWay, openWay, unsettledWay } from './aws-way-in.ts';
import { labelText } from './corporate-network.ts';
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
import { sendersOf } from './way-in.ts';

/** Something with addresses in subnets and security groups around it. */
export interface NetworkPlace {
  /** The resource that is exposed, or not. */
  readonly resource: EstateResource;
  /** How sentences call it: `network interface eni-1`, `load balancer front`. */
  readonly what: string;
  /** Addresses of the internet that it has; null where it has one and nobody says which. */
  readonly addresses: readonly string[] | null;
  /** Which addresses those are that nobody says; IPv4 where absent. */
  readonly families?: 'v4' | 'v6' | 'both';
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

/** What tells the subnets of a resource, where that is not its network interface. */
const SUBNET_CALLS: Readonly<Record<string, string>> = {
  'rds-instance': 'aws rds describe-db-instances',
  'redshift-cluster': 'aws redshift describe-cluster-subnet-groups',
  'redshift-workgroup': 'aws redshift-serverless list-workgroups',
  'emr-cluster': 'aws emr describe-cluster --cluster-id ID',
};

function fromInternet(estate: AwsEstate, place: NetworkPlace): readonly ExposureRecord[] {
  const { resource, what } = place;
  const senders = sendersTo(place);
  if (!hasAddresses(senders))
    return [
      closedWay([evidence(`${capital(what)} has no address on the internet.`, resource)], chainOf(place)),
    ];
  const way = internetWay(estate, place, senders);
  if (way.isClosedByGroups) return [groupsClosed(place)];
  const { passage } = way;
  if (place.subnets.length === 0)
    return [
      unsettledWay(
        [
          ...passage.missing,
          `the subnet of ${resource.name}: ${SUBNET_CALLS[resource.type] ?? 'aws ec2 describe-network-interfaces'}`,
        ],
        [],
        chainOf(place, passage),
      ),
    ];
  const notes = notesOf(place, passage);
  const records = way.open.map((opening) =>
    openRecord(place, opening, notes, ownRangesOf(estate, opening.ports)),
  );
  for (const { ports, gates } of way.doubtful)
    records.push(
      unsettledWay(passage.missing, notes, {
        ...chainOf(place, passage),
        surface: portsText(ports),
        audience: ports.audience,
        gates,
      }),
    );
  if (way.closed === null) return records;
  if (way.closed === 'by groups') return [...records, groupsClosed(place)];
  const reason = evidence(
    `${capital(what)} has an address on the internet, but ${whatCloses(place)}.`,
    resource,
  );
  return [
    ...records,
    closedWay([reason, ...way.closed.rests], { ...chainOf(place, passage), gates: way.closed.gates }),
  ];
}

/** Ports that an audience reaches, with what lets it in. */
interface Opening {
  readonly ports: AudiencePorts;
  readonly surface: string;
  /** Layers that a packet passes behind the address. */
  readonly layers: readonly string[];
  readonly gates: readonly string[];
  /** What the other descriptions say that decided. */
  readonly rests: readonly Evidence[];
}

/** The way from the internet to everything that stands in the same groups and subnets and serves the same ports. */
interface InternetWay {
  readonly isClosedByGroups: boolean;
  readonly passage: Passage;
  readonly open: readonly Opening[];
  readonly doubtful: readonly Pick<Opening, 'ports' | 'gates'>[];
  /** What closes it; null where it is open to strangers. */
  readonly closed: Pick<Opening, 'gates' | 'rests'> | 'by groups' | null;
}

const internetWays = (): Map<string, InternetWay> => new Map();

function internetWay(estate: AwsEstate, place: NetworkPlace, senders: AddressSet): InternetWay {
  const known = estate.derived(internetWays);
  const about = `${estate.regionOf(place.resource)}|${familiesOf(senders)}|${place.groups?.join()}|${place.subnets.join()}|${place.vpc}|${place.ports?.map(portsText).join()}`;
  const way = known.get(about) ?? findInternetWay(estate, place, senders);
  known.set(about, way);
  return way;
}

function familiesOf({ v4, v6 }: AddressSet): string {
  return `${v4.length > 0}${v6.length > 0}`;
}

function findInternetWay(estate: AwsEstate, place: NetworkPlace, senders: AddressSet): InternetWay {
  const region = estate.regionOf(place.resource);
  const afterGroups = throughGroups(estate, place, senders, region);
  const settledByGroups = { passage: afterGroups, open: [], doubtful: [], closed: null };
  const isClosed = publicPorts(afterGroups.possible, estate.audienceOf).length === 0;
  if (afterGroups.possible.length === 0 || (place.subnets.length === 0 && isClosed))
    return { ...settledByGroups, isClosedByGroups: true };
  if (place.subnets.length === 0) return { ...settledByGroups, isClosedByGroups: false };
  const ways = place.subnets.map((subnet) =>
    throughBoth(afterGroups, throughSubnet(estate, subnet, place.vpc, region)),
  );
  // Subnets that let nobody in are no part of the chain, unless none lets anybody in.
  const passing = ways.filter(({ possible }) => possible.length > 0);
  const counted = passing.length > 0 ? passing : ways;
  const passage = counted.length === 1 ? (counted[0] as Passage) : throughEither(counted);
  const open = audiencePorts(passage.certain, estate.audienceOf);
  const doubtful =
    passage.missing.length === 0
      ? []
      : audiencePorts(passage.possible, estate.audienceOf)
          .filter((ports) => !isWithin(ports, open))
          .slice(0, UNSETTLED_MAX);
  const isOpen = [...open, ...doubtful].some(({ audience }) => isPublic(audience));
  return {
    isClosedByGroups: false,
    passage,
    open: open.map((ports) => openingOf(estate, place.groups, ports, passage)),
    doubtful: doubtful.map((ports) => ({ ports, gates: ports.gates.slice(0, GATES_MAX) })),
    closed: isOpen
      ? null
      : isClosed
        ? 'by groups'
        : { gates: closingGates(estate, place, afterGroups, region), rests: restsOf(estate, passage, null) },
  };
}

function openingOf(
  estate: AwsEstate,
  groups: readonly string[] | null,
  ports: AudiencePorts,
  passage: Passage,
): Opening {
  const opened = new Set(ports.gates.map((gate) => gate.slice(0, gate.indexOf(' '))));
  return {
    ports,
    surface: portsText(ports),
    layers: layersOf(groups, passage, opened),
    gates: ports.gates.slice(0, GATES_MAX),
    rests: restsOf(estate, passage, opened),
  };
}

const afterGroup = (): Map<string, Passage> => new Map();

/** What groups let these senders do on the ports that are served; of each group looked at once. */
function throughGroups(
  estate: AwsEstate,
  { groups, ports }: NetworkPlace,
  senders: AddressSet,
  region: string | null,
): Passage {
  const start = settled(intersectPorts(everyPort(senders), ports));
  if (groups === null) return start;
  const known = estate.derived(afterGroup);
  const of = `${region} ${familiesOf(senders)} ${ports?.map(portsText).join()}`;
  const passages = groups.map((group) => {
    const about = `${of} ${group}`;
    const passage = known.get(about) ?? throughBoth(start, securityGroups(estate, [group], region));
    known.set(about, passage);
    return passage;
  });
  return passages.length === 1 ? (passages[0] as Passage) : throughEither(passages);
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
      networkAcl(estate, subnet, vpc, region),
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

function openRecord(
  { resource, what, addresses, auth }: NetworkPlace,
  { ports, surface, layers, gates, rests }: Opening,
  notes: readonly Evidence[],
  ownRanges: string,
): ExposureRecord {
  const address = addresses?.[0];
  const way = openWay(
    {
      surface,
      audience: ports.audience,
      auth,
      via: behindAddresses(addresses, layers),
      gates: address === undefined ? gates : [`public address ${address}`, ...gates].slice(0, GATES_MAX),
    },
    evidence(
      `${capital(what)}${address === undefined ? '' : ` (${address})`} lets ${audienceWords(ports)}${ownRanges} in on ${surface}.`,
      resource,
    ),
    ...rests,
    ...notes,
  );
  return { ...way, ...sendersOf([ports]) };
}

function ownRangesOf({ networks }: AwsEstate, { audience, sources }: AudiencePorts): string {
  return audience === 'corp' ? labelText(networks, sources) : '';
}

function audienceWords({ audience, sources }: AudiencePorts): string {
  switch (audience) {
    case 'internet':
      return 'the whole internet';
    case 'internet-wide':
      return `a large part of the internet (${shareOfInternet(sources)} of IPv4)`;
    case 'cdn-only':
      return isCloudflare(sources) ? 'Cloudflare alone' : 'CloudFront alone';
    case 'corp':
      return "the organisation's own ranges";
    default:
      return 'named addresses';
  }
}

/** The first layer that leaves no public way closes it. */
function closingGates(
  estate: AwsEstate,
  { subnets, vpc }: NetworkPlace,
  afterGroups: Passage,
  region: string | null,
): readonly string[] {
  const gates = subnets.flatMap((subnet) => {
    let passage = afterGroups;
    for (const layer of [
      blockPublicAccess(estate, subnet, vpc, region),
      internetRoute(estate, subnet, vpc, region),
      networkAcl(estate, subnet, vpc, region),
    ]) {
      passage = throughBoth(passage, layer);
      if (publicPorts(passage.possible, estate.audienceOf).length === 0)
        return layer.rests.slice(-1).map((rest) => rest.name);
    }
    return [];
  });
  return [...new Set(gates)];
}

function whatCloses({ subnets }: NetworkPlace): string {
  return subnets.length === 1
    ? `subnet ${subnets[0]} gives the internet no way in and out`
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
  const { groups, addresses, what, resource, auth } = place;
  if (groups === null) return [];
  const told = new Set(internet.flatMap(({ verdict, surface }) => (verdict === 'yes' ? [surface] : [])));
  const ways = insideWays(estate, groups, place.ports, estate.regionOf(resource)).filter(
    (each) => !told.has(each.surface),
  );
  if (ways.length === 0) return [];
  const surface = portsSaid(ways);
  return [
    openWay(
      {
        surface,
        audience: 'corp',
        auth,
        via: behindAddresses(addresses, [...new Set(ways.flatMap(({ layers }) => layers))]),
        gates: [...new Set(ways.flatMap(({ gates }) => gates))].slice(0, GATES_MAX),
      },
      evidence(`${capital(what)} lets private ranges in on ${surface}.`, resource),
    ),
  ];
}

const PORTS_SAID = 8;

/** All of them at once: who comes from inside is told in one record, as nothing but the port differs. */
function portsSaid(ways: readonly Opening[]): string {
  const surfaces = ways.map(({ surface }) => surface);
  return `${surfaces.slice(0, PORTS_SAID).join(', ')}${surfaces.length > PORTS_SAID ? ', …' : ''}`;
}

const insideWaysOfGroups = (): Map<string, readonly Opening[]> => new Map();

/** The ports that groups open to private ranges; the same for everything that stands in them. */
function insideWays(
  estate: AwsEstate,
  groups: readonly string[],
  ports: NetworkPlace['ports'],
  region: string | null,
): readonly Opening[] {
  const known = estate.derived(insideWaysOfGroups);
  const about = `${region} ${groups.join(' ')} ${ports?.map(portsText).join(' ')}`;
  const found =
    known.get(about) ?? findInsideWays(estate, groups, ports, securityGroups(estate, groups, region));
  known.set(about, found);
  return found;
}

function findInsideWays(
  estate: AwsEstate,
  groups: readonly string[],
  ports: NetworkPlace['ports'],
  passage: Passage,
): readonly Opening[] {
  const asked = intersectPorts(everyPort(INSIDE), ports);
  return audiencePorts(intersectSurfaces(asked, passage.certain))
    .filter(({ audience }) => audience === 'corp')
    .map((each) => openingOf(estate, groups, each, passage));
}

/** Who could send to these addresses: one family each. */
function sendersTo({ addresses, families = 'v4' }: NetworkPlace): AddressSet {
  if (addresses === null)
    return families === 'both' ? INTERNET : families === 'v6' ? INTERNET_V6 : INTERNET_V4;
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
    via: passage === undefined ? [] : [...(place.addresses ?? []), ...layersOf(place.groups, passage, null)],
  };
}

function behindAddresses(addresses: readonly string[] | null, layers: readonly string[]): readonly string[] {
  return addresses === null || addresses.length === 0 ? layers : [...addresses, ...layers];
}

/** Gateway, route table, network ACL, and of the groups those that let these in (all where `opened` is null). */
function layersOf(
  groups: readonly string[] | null,
  { via = [] }: Passage,
  opened: ReadonlySet<string> | null,
): readonly string[] {
  const layers = [...new Set(via)];
  return [
    ...layers.filter((name) => groups?.includes(name) !== true),
    ...layers.filter((name) => groups?.includes(name) === true && opened?.has(name) !== false),
  ];
}

const LAYER_SAYS: Readonly<Record<string, string>> = {
  'security-group': 'lets it in',
  'route-table': 'routes the subnet',
  'network-acl': 'filters the subnet',
  'network-firewall-policy': 'inspects what reaches the subnet',
  'vpc-block-public-access-exclusion': 'excludes it from VPC Block Public Access',
  subnet: 'has VPC Block Public Access on',
  vpc: 'has VPC Block Public Access on',
};

function sentenceOf(rest: EstateResource): string {
  // Each region has one, without a name of its own.
  if (rest.type === 'vpc-block-public-access') return 'VPC Block Public Access is set for the region.';
  return `${calledFirst(rest)} ${LAYER_SAYS[rest.type] ?? 'was looked at'}.`;
}

const RESTS_MAX = 8;

const saidOf = (): Map<EstateResource, Evidence> => new Map();

/** The other descriptions that decided, one sentence each; of groups those that are opened, where that is told. */
function restsOf(
  estate: AwsEstate,
  { rests }: Passage,
  opened: ReadonlySet<string> | null,
): readonly Evidence[] {
  const known = estate.derived(saidOf);
  return [...new Set(rests)]
    .filter(
      (rest) =>
        opened === null || rest.type !== 'security-group' || opened.has(String(rest.facts['GroupId'])),
    )
    .slice(0, RESTS_MAX)
    .map((rest) => {
      const said = known.get(rest) ?? evidence(sentenceOf(rest), rest);
      known.set(rest, said);
      return said;
    });
}

function notesOf({ resource }: NetworkPlace, { notes = [] }: Passage): readonly Evidence[] {
  return [...new Set(notes)].map((note) => evidence(note, resource));
}

/** True where some address of the set could be that of something inside the VPC. */
export function overlaps(a: AddressSet, b: AddressSet): boolean {
  return hasAddresses(intersectAddresses(a, b));
}
