import { called, calledFirst } from '../resource/called.ts';
import {
  INSTANCE,
  INTERFACE,
  type InstanceFacts,
  type InterfaceFacts,
  SUBNET,
} from '../resource/facts/aws-network-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { exposeThroughLoadBalancers } from './aws-balanced-target.ts';
import type { AwsEstate } from './aws-estate.ts';
import { groupsOfInterface } from './aws-layers.ts';
import { exposeLoadBalancer } from './aws-load-balancer-exposure.ts';
import { exposeOnNetwork } from './aws-network-exposure.ts';
import type { NetworkPlace } from './aws-network-place.ts';
import { closedWay, dormant, throughWay, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';

/** How an instance is reached over each of its interfaces, and through load balancers (attack-paths §2.2, §2.3). */
export function exposeInstance(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(INSTANCE, resource);
  const state = facts.State?.Name;
  if (state === 'terminated' || state === 'shutting-down')
    return [closedWay([evidence(`${calledFirst(resource)} is ${state}.`, resource)])];
  const isStopped = state === 'stopped' || state === 'stopping';
  const interfaces = interfacesOf(estate, resource, facts);
  const records = [
    ...interfaces.flatMap((each) => exposeInterfaceOf(estate, resource, each, facts.VpcId, isStopped)),
    ...exposeThroughLoadBalancers(estate, resource, facts.InstanceId, interfaces, facts.VpcId),
  ];
  return isStopped
    ? dormant(
        records,
        evidence(`${calledFirst(resource)} is ${state}: dormant, exposed when started.`, resource),
      )
    : records;
}

/** An interface, and whether its addresses are merely not told: nobody described it. */
type KnownInterface = InterfaceFacts & { readonly isMentioned?: boolean };

/** How a network interface, whatever it belongs to, is reached directly. */
export function exposeInterface(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(INTERFACE, resource);
  const balancer = balancerOf(facts);
  if (balancer !== undefined && addressesOf(facts).length > 0) return asBalancer(estate, resource, balancer);
  const isMentioned = facts.SubnetId === undefined && facts.Groups === undefined;
  return exposeInterfaceOf(estate, resource, { ...facts, isMentioned }, undefined, false);
}

/** The name of the network load balancer that an interface without groups is of: nothing but its listeners closes it. */
function balancerOf({ InterfaceType, Description, Groups }: InterfaceFacts): string | undefined {
  if (InterfaceType !== 'network_load_balancer' || (Groups ?? []).length > 0) return undefined;
  return /^ELB net\/([^/]+)\/[^/]+$/.exec(Description ?? '')?.[1];
}

function asBalancer(estate: AwsEstate, resource: EstateResource, name: string): readonly ExposureRecord[] {
  const balancer = estate.find('load-balancer', name, estate.regionOf(resource));
  if (balancer === undefined)
    return [
      unsettledWay([
        `load balancer ${name}, whose interface ${resource.name} is: aws elbv2 describe-load-balancers`,
      ]),
    ];
  const said = evidence(`${calledFirst(resource)} is one of ${called(balancer)}.`, balancer);
  return exposeLoadBalancer(estate, balancer).map((way) => throughWay(way, { evidence: [said] }));
}

/** The same for a resource that stands behind interfaces: a task, a notebook. */
export function exposeInterfaceOf(
  estate: AwsEstate,
  resource: EstateResource,
  facts: KnownInterface,
  vpcId: string | undefined,
  isStopped: boolean,
): readonly ExposureRecord[] {
  const addresses = addressesOf(facts);
  const place: NetworkPlace = {
    resource,
    what:
      facts.NetworkInterfaceId === undefined
        ? called(resource)
        : `network interface ${facts.NetworkInterfaceId}`,
    addresses: isStopped && addresses.length === 0 && getsAddress(estate, resource, facts) ? null : addresses,
    groups: groupsOfInterface(facts),
    subnets: facts.SubnetId === undefined ? [] : [facts.SubnetId],
    vpc: facts.VpcId ?? vpcId,
    ports: null,
    auth: 'app',
  };
  return addresses.length === 0 && facts.isMentioned === true
    ? exposeUntoldAddress(estate, place)
    : exposeOnNetwork(estate, place);
}

/** Nobody told whether it has an address: where one would let strangers in, that is the question. */
function exposeUntoldAddress(estate: AwsEstate, place: NetworkPlace): readonly ExposureRecord[] {
  const records = exposeOnNetwork(estate, { ...place, addresses: null, families: 'both' });
  if (records.every(({ verdict }) => verdict === 'no')) return records;
  const missing = records.flatMap((record) => record.missing);
  return [
    unsettledWay([
      `the network interfaces of ${place.resource.name}: aws ec2 describe-network-interfaces`,
      ...missing,
    ]),
  ];
}

/** A stopped instance has given its address back and gets a new one where its subnet hands them out. */
function getsAddress(estate: AwsEstate, resource: EstateResource, { SubnetId }: InterfaceFacts): boolean {
  const subnet = estate.find('subnet', SubnetId, estate.regionOf(resource));
  return subnet !== undefined && estate.facts(SUBNET, subnet).MapPublicIpOnLaunch === true;
}

/** Addresses of an interface that may be on the internet. */
function addressesOf(facts: InterfaceFacts): readonly string[] {
  const found = [
    ...(facts.Association?.PublicIp ?? '').split(' '),
    facts.Association?.CarrierIp ?? '',
    ...(facts.PrivateIpAddresses ?? []).flatMap(({ Association }) => [
      Association?.PublicIp ?? '',
      Association?.CarrierIp ?? '',
    ]),
    ...(facts.Ipv6Addresses ?? []).map((address) => address.Ipv6Address ?? ''),
  ].filter((address) => address !== '');
  return [...new Set(found)];
}

const interfacesByInstance = (estate: AwsEstate) =>
  Map.groupBy(
    estate.ofType('network-interface').map((each) => estate.facts(INTERFACE, each)),
    (facts) => facts.Attachment?.InstanceId ?? '',
  );

/** An instance's interfaces by its own description and by theirs; in old descriptions it is one itself. */
function interfacesOf(
  estate: AwsEstate,
  resource: EstateResource,
  facts: InstanceFacts,
): readonly KnownInterface[] {
  const byId = new Map<string, InterfaceFacts>();
  for (const each of facts.NetworkInterfaces ?? [])
    if (each.NetworkInterfaceId !== undefined) byId.set(each.NetworkInterfaceId, each);
  for (const each of estate.derived(interfacesByInstance).get(facts.InstanceId ?? 'none') ?? [])
    byId.set(each.NetworkInterfaceId ?? '', each);
  if (byId.size > 0) return [...byId.values()];
  const { PublicIpAddress, Ipv6Address, PrivateIpAddress, SubnetId, VpcId, SecurityGroups } = facts;
  return [
    {
      NetworkInterfaceId: resource.name,
      PrivateIpAddress,
      SubnetId,
      VpcId,
      Groups: SecurityGroups,
      ...(PublicIpAddress === undefined ? {} : { Association: { PublicIp: PublicIpAddress } }),
      ...(Ipv6Address === undefined ? {} : { Ipv6Addresses: [{ Ipv6Address }] }),
      isMentioned: facts.NetworkInterfaces === undefined,
    },
  ];
}
