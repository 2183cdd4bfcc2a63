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
import { exposeOnNetwork } from './aws-network-exposure.ts';
import { closedWay, dormant } from './aws-way-in.ts';
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

/** How a network interface, whatever it belongs to, is reached directly. */
export function exposeInterface(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  return exposeInterfaceOf(estate, resource, estate.facts(INTERFACE, resource), undefined, false);
}

/** The same for a resource that stands behind interfaces: a task, a notebook. */
export function exposeInterfaceOf(
  estate: AwsEstate,
  resource: EstateResource,
  facts: InterfaceFacts,
  vpcId: string | undefined,
  isStopped: boolean,
): readonly ExposureRecord[] {
  const addresses = addressesOf(facts);
  return exposeOnNetwork(estate, {
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
  });
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
): readonly InterfaceFacts[] {
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
    },
  ];
}
