import { type AddressSet, coversAddresses, parseAddresses } from '#base/address-set.ts';
import { awsCall } from '../resource/aws-call.ts';
import {
  type InterfaceFacts,
  ROUTE_TABLE,
  type RouteFacts,
  SUBNET,
  TRANSIT_GATEWAY_ATTACHMENT,
  TRANSIT_GATEWAY_ROUTE,
  VPC,
  VPC_PEERING,
} from '../resource/facts/aws-network-facts.ts';
import type { AwsEstate } from './aws-estate.ts';
import { prefixLength, routeTableOf } from './aws-internet-route.ts';
import type { BalancedTarget } from './aws-target-group.ts';

/** Where the target group of a load balancer is. */
interface GroupPlace {
  readonly vpc: string | undefined;
  /** Subnets of the load balancer. */
  readonly subnets: readonly string[];
  readonly region: string | null;
}

/** How the network of a load balancer reaches a target that is registered by its address. */
type Link = 'same' | 'none' | { readonly via: string } | { readonly missing: readonly string[] };

/**
 * Whether a target registered by address is the machine that has the address: in the same VPC, or over a
 * peering connection or transit gateway, with routes both ways (attack-paths §2.9, 17).
 */
export function peeringBetween(
  estate: AwsEstate,
  { vpc: groupVpc, subnets: balancerSubnets, region: groupRegion }: GroupPlace,
  { vpcId, interfaces, region }: BalancedTarget,
  ids: ReadonlySet<string>,
): Link {
  // Networks of two regions are two, whatever they are called.
  const isNear = groupRegion === null || region === null || groupRegion === region;
  const links = interfaces.flatMap((each) => {
    const theirs = each.VpcId ?? vpcId;
    if (groupVpc === undefined || theirs === undefined || groupVpc === theirs)
      return isNear ? ['same' as const] : [];
    return addressesOf(each)
      .filter((address) => ids.has(address))
      .flatMap((address): Link[] => {
        // An address of the group's own network belongs to a machine there.
        if (isInside(estate, groupVpc, address, groupRegion)) return [];
        const subnets = balancerSubnets.length === 0 ? [undefined] : balancerSubnets;
        return subnets.map((subnet) =>
          linkFrom(estate, [groupVpc, subnet, groupRegion], [theirs, each.SubnetId, address, region]),
        );
      });
  });
  // A load balancer stands in several subnets; one that reaches it is enough.
  return (
    links.find((link) => link === 'same') ??
    links.find((link) => typeof link === 'object' && 'via' in link) ??
    links.find((link) => typeof link === 'object') ??
    'none'
  );
}

function addressesOf({ PrivateIpAddress, PrivateIpAddresses = [] }: InterfaceFacts): readonly string[] {
  const all = [PrivateIpAddress, ...PrivateIpAddresses.map((each) => each.PrivateIpAddress)];
  return [...new Set(all.flatMap((address) => address ?? []))];
}

function linkFrom(
  estate: AwsEstate,
  [groupVpc, subnet, groupRegion]: readonly [string, string | undefined, string | null],
  [theirs, theirSubnet, address, region]: readonly [string, string | undefined, string, string | null],
): Link {
  const table = subnet === undefined ? undefined : routeTableOf(estate, subnet, groupVpc, groupRegion);
  const back = theirSubnet === undefined ? undefined : routeTableOf(estate, theirSubnet, theirs, region);
  if (table === undefined || back === undefined)
    return { missing: [`route tables of ${groupVpc} and ${theirs}: aws ec2 describe-route-tables`] };
  const there = hopTo(estate.facts(ROUTE_TABLE, table).Routes ?? [], address);
  const home = subnet === undefined ? undefined : estate.find('subnet', subnet, groupRegion);
  const homeAddress =
    home === undefined ? undefined : estate.facts(SUBNET, home).CidrBlock?.replace(/\/.*$/, '');
  if (homeAddress === undefined) return { missing: [`the subnets of ${groupVpc}: aws ec2 describe-subnets`] };
  const homewards = hopTo(estate.facts(ROUTE_TABLE, back).Routes ?? [], homeAddress);
  if (there === undefined || there !== homewards) return 'none';
  if (there.startsWith('tgw-')) {
    const onward = throughTransitGateway(estate, there, [groupVpc, theirs], parseAddresses(address));
    const homeward = throughTransitGateway(estate, there, [theirs, groupVpc], parseAddresses(homeAddress));
    return onward !== 'same' ? onward : homeward !== 'same' ? homeward : { via: there };
  }
  const peering = estate.find('vpc-peering-connection', there);
  const status = peering === undefined ? undefined : estate.facts(VPC_PEERING, peering).Status?.Code;
  return status !== undefined && status !== 'active' ? 'none' : { via: there };
}

const attachmentsOf = (estate: AwsEstate) =>
  new Map(
    estate.ofType('transit-gateway-attachment').map((each) => {
      const facts = estate.facts(TRANSIT_GATEWAY_ATTACHMENT, each);
      return [`${facts.TransitGatewayId} ${facts.ResourceId}`, facts];
    }),
  );

const routesByTable = (estate: AwsEstate) =>
  Map.groupBy(
    estate.ofType('transit-gateway-route').map((each) => estate.facts(TRANSIT_GATEWAY_ROUTE, each)),
    ({ Table }) => Table,
  );

/** Whether a transit gateway passes packets from one VPC to an address in another: `same` where it does. */
function throughTransitGateway(
  estate: AwsEstate,
  gateway: string,
  [from, to]: readonly [string, string],
  address: AddressSet | null,
): Exclude<Link, { readonly via: string }> {
  const attachment = estate.derived(attachmentsOf).get(`${gateway} ${from}`);
  if (attachment === undefined)
    return { missing: [`what is attached to ${gateway}: aws ec2 describe-transit-gateway-attachments`] };
  const table = attachment.Association?.TransitGatewayRouteTableId;
  if (table === undefined) return 'none';
  const routes = estate.derived(routesByTable).get(table);
  if (routes === undefined)
    return {
      missing: [
        `the routes of ${table}: ${awsCall(
          'ec2 search-transit-gateway-routes',
          [
            ['--transit-gateway-route-table-id', table],
            ['--filters', 'Name=state,Values=active,blackhole'],
          ],
          table,
        )}`,
      ],
    };
  const best = longest(routes, address);
  return best?.State === 'active' && best.ResourceIds?.includes(to) === true ? 'same' : 'none';
}

/** Whether a transit gateway is known to pass packets from one VPC to an address in another, and back to an address of the first. */
export function passesBothWays(
  estate: AwsEstate,
  gateway: string,
  [from, fromAddress]: readonly [vpc: string, address: string],
  [to, toAddress]: readonly [vpc: string, address: string],
): boolean {
  return (
    throughTransitGateway(estate, gateway, [from, to], parseAddresses(toAddress)) === 'same' &&
    throughTransitGateway(estate, gateway, [to, from], parseAddresses(fromAddress)) === 'same'
  );
}

function isInside(estate: AwsEstate, vpcId: string, address: string, region: string | null): boolean {
  const vpc = estate.find('vpc', vpcId, region);
  const facts = vpc === undefined ? {} : estate.facts(VPC, vpc);
  const one = parseAddresses(address);
  return [facts.CidrBlock, ...(facts.CidrBlockAssociationSet ?? []).map((each) => each.CidrBlock)].some(
    (cidr) => {
      const block = parseAddresses(cidr ?? '');
      return block !== null && one !== null && coversAddresses(block, one);
    },
  );
}

/** The peering connection or transit gateway that the longest prefix names for an address. */
export function hopTo(routes: readonly RouteFacts[], address: string): string | undefined {
  const best = longest(routes, parseAddresses(address));
  if (best === undefined || best.State === 'blackhole') return undefined;
  return best.VpcPeeringConnectionId ?? best.TransitGatewayId;
}

/** The route with the longest prefix for an address. */
function longest<Route extends { readonly DestinationCidrBlock?: string | undefined }>(
  routes: readonly Route[],
  address: AddressSet | null,
): Route | undefined {
  if (address === null) return undefined;
  return routes
    .filter(({ DestinationCidrBlock: cidr = '' }) => {
      const block = parseAddresses(cidr);
      return block !== null && coversAddresses(block, address);
    })
    .sort(
      (a, b) => prefixLength(b.DestinationCidrBlock ?? '') - prefixLength(a.DestinationCidrBlock ?? ''),
    )[0];
}
