import {
  type AddressSet,
  hasAddresses,
  intersectAddresses,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import { addToList } from '#base/list-map.ts';
import { ROUTE_TABLE, type RouteFacts, SUBNET } from '../resource/facts/aws-network-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import { inspectionAt } from './aws-network-firewall.ts';
import { prefixListBlocks, prefixListMissing } from './aws-prefix-list.ts';
import { EVERYWHERE, type Passage, unsettled } from './passage.ts';
import { everyPort, type Surface } from './surface.ts';

const routePassages = (): Map<string, Passage> => new Map();

/** Sources whose packets find a way to a subnet and back through an internet gateway (attack-paths §2.2, route). */
export function internetRoute(
  estate: AwsEstate,
  subnetId: string,
  vpcId: string | undefined,
  region: string | null,
): Passage {
  const known = estate.derived(routePassages);
  const about = `${region} ${subnetId} ${vpcId}`;
  const passage = known.get(about) ?? routeOf(estate, subnetId, vpcId, region);
  known.set(about, passage);
  return passage;
}

/** Ranges of the network that a subnet stands in, which its table routes within: addresses of IPv6 there are the internet's and nobody's outside. */
export function ownRanges(
  estate: AwsEstate,
  subnetId: string,
  vpcId: string | undefined,
  region: string | null,
): AddressSet {
  const table = routeTableOf(estate, subnetId, vpcId, region);
  const routes = table === undefined ? [] : (estate.facts(ROUTE_TABLE, table).Routes ?? []);
  return unionAddresses(
    ...routes.flatMap(({ GatewayId, DestinationCidrBlock, DestinationIpv6CidrBlock }) =>
      GatewayId === 'local'
        ? (parseAddresses(DestinationCidrBlock ?? DestinationIpv6CidrBlock ?? '') ?? [])
        : [],
    ),
  );
}

/** Where the packets of some destinations go. */
interface Hop {
  readonly to: 'gateway' | 'appliance' | 'elsewhere';
  readonly target: string;
  readonly written: string;
  readonly destination: AddressSet;
  readonly length: number;
}

function routeOf(
  estate: AwsEstate,
  subnetId: string,
  vpcId: string | undefined,
  region: string | null,
): Passage {
  const table = routeTableOf(estate, subnetId, vpcId, region);
  if (table === undefined) return unsettled(everyPort(EVERYWHERE), tablesMissing(vpcId ?? subnetId));
  const { hops, unread } = hopsOf(estate, table, region);
  const edge = edgeTarget(estate, subnetId, vpcId, region);
  const isEdgeKnown = edge !== undefined || estate.isListed('route-table', region);
  const certain: Surface[] = [];
  const possible: Surface[] = [];
  const notes: string[] = [];
  const wanted: string[] = [];
  const inspecting: EstateResource[] = [];
  let undecided: AddressSet = EVERYWHERE;
  let gateway: string | undefined;
  // The longest prefix decides, so it takes its addresses away from all shorter ones.
  for (const { to, target, written, destination } of hops.sort((a, b) => b.length - a.length)) {
    const sources = intersectAddresses(undecided, destination);
    undecided = subtractAddresses(undecided, destination);
    if (!hasAddresses(sources) || to === 'elsewhere') continue;
    const surfaces = everyPort(sources).map((surface) => ({
      ...surface,
      gates: [`${table.name} ${written} to ${target}`],
    }));
    if (to === 'gateway') {
      gateway = target;
      certain.push(...surfaces);
      possible.push(...surfaces);
      if (edge !== undefined) notes.push(`Packets of ${target} pass ${edge} first.`);
    } else if (!isEdgeKnown) {
      // A table of the gateway that nobody described could lead in through the same appliance.
      possible.push(...surfaces);
      wanted.push(tablesMissing(vpcId ?? subnetId));
    } else if (edge === target) {
      // In and out through the same appliance: what it lets through is its own matter.
      const inspection = inspectionAt(estate, target, subnetId);
      if ('missing' in inspection) wanted.push(inspection.missing);
      else inspecting.push(inspection.policy);
      if ('missing' in inspection || inspection.passes) possible.push(...surfaces);
      if ('passes' in inspection && inspection.passes) certain.push(...surfaces);
      notes.push(`${target} inspects what reaches ${subnetId}.`);
    }
  }
  // What nobody read leads away from the gateway, or to it.
  const leadsAway = unread.some(({ to }) => to !== 'gateway');
  const leadsIn = unread.some(({ to }) => to === 'gateway');
  return {
    certain: leadsAway ? [] : certain,
    possible: leadsIn ? everyPort(EVERYWHERE) : possible,
    missing: [...unread.map(({ list }) => prefixListMissing(list)), ...wanted],
    rests: [table, ...inspecting],
    via: [...(gateway === undefined ? [] : [gateway]), ...(edge === undefined ? [] : [edge]), table.name],
    notes,
  };
}

function tablesMissing(of: string): string {
  return `route tables of ${of}: aws ec2 describe-route-tables`;
}

/** Where the packets for a list of prefixes go that nobody read. */
interface UnreadHop extends Pick<Hop, 'to'> {
  readonly list: string;
}

function hopsOf(
  estate: AwsEstate,
  table: EstateResource,
  region: string | null,
): { readonly hops: Hop[]; readonly unread: readonly UnreadHop[] } {
  const unread: UnreadHop[] = [];
  const hops: Hop[] = [];
  for (const route of estate.facts(ROUTE_TABLE, table).Routes ?? []) {
    const target = targetOf(route);
    const list = route.DestinationPrefixListId;
    const cidr = route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock;
    const destination = cidr === undefined ? null : parseAddresses(cidr);
    if (cidr !== undefined && destination !== null)
      hops.push({ ...target, written: cidr, destination, length: prefixLength(cidr) });
    if (list === undefined || cidr !== undefined) continue;
    const blocks = prefixListBlocks(estate, list, region);
    // The list of a gateway endpoint holds the addresses of one AWS service and nobody's else.
    if (blocks === null && target.to === 'appliance') continue;
    if (blocks === null) unread.push({ to: target.to, list });
    for (const { cidr: block, addresses } of blocks ?? [])
      hops.push({
        ...target,
        written: `${list} (${block})`,
        destination: addresses,
        length: prefixLength(block),
      });
  }
  return { hops, unread };
}

function targetOf(route: RouteFacts): Pick<Hop, 'to' | 'target'> {
  const gateway = route.GatewayId ?? route.CarrierGatewayId;
  const isOpen = gateway !== undefined && /^(?:igw|cagw)-/.test(gateway) && route.State !== 'blackhole';
  if (isOpen) return { to: 'gateway', target: gateway };
  const appliance = applianceOf(route);
  if (appliance !== undefined && route.State !== 'blackhole') return { to: 'appliance', target: appliance };
  return { to: 'elsewhere', target: gateway ?? 'elsewhere' };
}

/** A firewall's or appliance's endpoint or interface. */
function applianceOf({
  VpcEndpointId,
  GatewayId,
  NetworkInterfaceId,
  NatGatewayId,
}: RouteFacts): string | undefined {
  if (VpcEndpointId !== undefined) return VpcEndpointId;
  if (GatewayId?.startsWith('vpce-') === true) return GatewayId;
  return NatGatewayId === undefined ? NetworkInterfaceId : undefined;
}

/** The appliance to which the table of the internet gateway sends the packets for a subnet; undefined without one. */
function edgeTarget(
  estate: AwsEstate,
  subnetId: string,
  vpcId: string | undefined,
  region: string | null,
): string | undefined {
  const edges = estate.derived(edgeTables);
  if (edges.length === 0) return undefined;
  const subnet = estate.find('subnet', subnetId, region);
  const facts = subnet === undefined ? {} : estate.facts(SUBNET, subnet);
  const blocks = [
    facts.CidrBlock,
    ...(facts.Ipv6CidrBlockAssociationSet ?? []).map((each) => each.Ipv6CidrBlock),
  ].flatMap((cidr) => parseAddresses(cidr ?? '') ?? []);
  for (const table of edges) {
    const { VpcId, Routes = [] } = estate.facts(ROUTE_TABLE, table);
    if ((VpcId !== vpcId && VpcId !== facts.VpcId) || !estate.mayBeIn(table, region)) continue;
    for (const route of Routes) {
      const destination = parseAddresses(route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? '');
      const target = applianceOf(route);
      if (destination === null || target === undefined || route.State === 'blackhole') continue;
      if (blocks.some((block) => hasAddresses(intersectAddresses(block, destination)))) return target;
    }
  }
  return undefined;
}

/** Tables of internet gateways. */
const edgeTables = (estate: AwsEstate): readonly EstateResource[] =>
  estate
    .ofType('route-table')
    .filter((table) =>
      estate
        .facts(ROUTE_TABLE, table)
        .Associations?.some((association) => association.GatewayId?.startsWith('igw-') === true),
    );

const tablesBySubnet = (estate: AwsEstate): ReadonlyMap<string, readonly EstateResource[]> => {
  const tables = new Map<string, EstateResource[]>();
  for (const table of estate.ofType('route-table'))
    for (const { SubnetId } of estate.facts(ROUTE_TABLE, table).Associations ?? [])
      if (SubnetId !== undefined) addToList(tables, SubnetId, table);
  return tables;
};

const mainTablesByVpc = (estate: AwsEstate): ReadonlyMap<string, readonly EstateResource[]> => {
  const tables = new Map<string, EstateResource[]>();
  for (const table of estate.ofType('route-table')) {
    const { VpcId, Associations = [] } = estate.facts(ROUTE_TABLE, table);
    if (VpcId !== undefined && Associations.some((association) => association.Main === true))
      addToList(tables, VpcId, table);
  }
  return tables;
};

/** The table that holds the subnet, else its VPC's main one. */
export function routeTableOf(
  estate: AwsEstate,
  subnetId: string,
  vpcId: string | undefined,
  region: string | null,
): EstateResource | undefined {
  const explicit = estate.inRegion(estate.derived(tablesBySubnet).get(subnetId) ?? [], region);
  // Without the whole list, a table that is not there could hold the subnet instead of the main one.
  if (explicit !== undefined || !estate.isListed('route-table', region)) return explicit;
  // What a state of Terraform says of a machine names the subnet alone.
  const subnet = vpcId === undefined ? estate.find('subnet', subnetId, region) : undefined;
  const vpc = subnet === undefined ? vpcId : estate.facts(SUBNET, subnet).VpcId;
  return estate.inRegion(estate.derived(mainTablesByVpc).get(vpc ?? '') ?? [], region);
}

/** Bits of a block; a single address has all of them. */
export function prefixLength(cidr: string): number {
  const slash = cidr.indexOf('/');
  return slash < 0 ? (cidr.includes(':') ? 128 : 32) : Number(cidr.slice(slash + 1));
}
