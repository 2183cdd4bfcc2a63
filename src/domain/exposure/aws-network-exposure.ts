import {
  type AddressSet,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  unionAddresses,
} from '#base/address-set.ts';
import { capital } from '#base/text.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { evidence } from '../risk/estate.ts';
import {
  type Audience,
  INTERNET,
  INTERNET_V4,
  INTERNET_V6,
  isCloudflare,
  isInternetAddress,
  isPublic,
  shareOfInternet,
} from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import { fromInside } from './aws-inside-network.ts';
import { internetRoute, ownRanges } from './aws-internet-route.ts';
import { blockPublicAccess, networkAcl, securityGroups } from './aws-layers.ts';
import {
  behindAddresses,
  GATES_MAX,
  layersOf,
  type Opening,
  openingOf,
  restsOf,
} from './aws-network-opening.ts';
import { intersectPorts, type NetworkPlace } from './aws-network-place.ts';
import { closedWay, openWay, unsettledWay } from './aws-way-in.ts';
import { labelText } from './corporate-network.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { type Passage, settled, throughBoth, throughEither } from './passage.ts';
import { type AudiencePorts, audiencePorts, everyPort, portsText, publicPorts } from './surface.ts';
import { sendersOf } from './way-in.ts';

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
  const reason = evidence(closedText(place), resource);
  return [
    ...records,
    closedWay([reason, ...way.closed.rests], { ...chainOf(place, passage), gates: way.closed.gates }),
  ];
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
  const joined = counted.length === 1 ? (counted[0] as Passage) : throughEither(counted);
  const passage = {
    ...joined,
    notes: [
      ...(joined.notes ?? []),
      ...whichSubnets(place.subnets, (index) => ways[index]?.certain.length !== 0),
    ],
  };
  const own = unionAddresses(...place.subnets.map((subnet) => ownRanges(estate, subnet, place.vpc, region)));
  // Everybody but the network itself is everybody outside.
  const audienceOf = (sources: AddressSet): Audience => {
    const audience = estate.audienceOf(sources);
    const isWhole = () => estate.audienceOf(unionAddresses(sources, own)) === 'internet';
    return audience === 'internet-wide' && isWhole() ? 'internet' : audience;
  };
  const open = audiencePorts(passage.certain, audienceOf);
  const doubtful =
    passage.missing.length === 0
      ? []
      : audiencePorts(passage.possible, audienceOf)
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

/** A database may move to any of its subnets (attack-paths §2.5): which of them lets it be reached, where not all do. */
function whichSubnets(subnets: readonly string[], isPassing: (index: number) => boolean): readonly string[] {
  const passing = subnets.filter((_, index) => isPassing(index));
  return passing.length === 0 || passing.length === subnets.length
    ? []
    : [
        `Of its ${subnets.length} subnets ${passing.slice(0, SUBNETS_SAID).join(', ')}${passing.length > SUBNETS_SAID ? ', …' : ''} ${passing.length === 1 ? 'has' : 'have'} a way in from outside and back.`,
      ];
}

const SUBNETS_SAID = 4;

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
      return `a large part of the internet (${shareOfInternet(sources)})`;
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

function closedText(place: NetworkPlace): string {
  // A subnet has no address of its own; what stands in it may.
  return place.resource.type === 'subnet'
    ? `The internet finds no way into ${place.what} and back out of it.`
    : `${capital(place.what)} has an address on the internet, but ${whatCloses(place)}.`;
}

function whatCloses({ subnets }: NetworkPlace): string {
  return subnets.length === 1
    ? `subnet ${subnets[0]} gives the internet no way in and out`
    : 'none of its subnets gives the internet a way in and out';
}

function groupsClosed(place: NetworkPlace): ExposureRecord {
  const { resource, what, groups, ports } = place;
  const isWhole = ports === null || ports.some(({ from, to }) => from === 0 && to === 65_535);
  const where = isWhole ? '' : ` on ${ports.map((port) => portsText(port)).join(', ')}`;
  return closedWay(
    [evidence(`The security groups of ${what} let nobody on the internet in${where}.`, resource)],
    { ...chainOf(place), gates: groups ?? [] },
  );
}

/** Who could send to these addresses: one family each. */
function sendersTo({ addresses, families = 'v4' }: NetworkPlace): AddressSet {
  if (addresses === null)
    return families === 'both' ? INTERNET : families === 'v6' ? INTERNET_V6 : INTERNET_V4;
  const v4 = addresses.some((address) => !address.includes(':'));
  const v6 = addresses.some((address) => address.includes(':'));
  return unionAddresses(v4 ? INTERNET_V4 : NO_ADDRESSES, v6 ? INTERNET_V6 : NO_ADDRESSES);
}

function chainOf(place: NetworkPlace, passage?: Passage): Partial<ExposureRecord> {
  const { ports, auth } = place;
  return {
    auth,
    surface: ports === null || ports.length === 0 ? 'any' : ports.map((port) => portsText(port)).join(', '),
    via: passage === undefined ? [] : [...(place.addresses ?? []), ...layersOf(place.groups, passage, null)],
  };
}

function notesOf({ resource }: NetworkPlace, { notes = [] }: Passage): readonly Evidence[] {
  return [...new Set(notes)].map((note) => evidence(note, resource));
}

/** True where some address of the set could be that of something inside the VPC. */
export function overlaps(a: AddressSet, b: AddressSet): boolean {
  return hasAddresses(intersectAddresses(a, b));
}
