import { INSTANCE, INTERFACE, type InstanceFacts, type InterfaceFacts } from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { exposeThroughLoadBalancers } from './aws-balanced-target.ts';
import type { AwsEstate } from './aws-estate.ts';
import { type AwsExposure, combineExposures, notExposed } from './aws-exposure-record.ts';
import { exposeOnNetwork } from './aws-network-exposure.ts';

/** Whether an instance is reached over one of its interfaces, or through a load balancer. */
export function exposeInstance(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const facts = estate.facts(INSTANCE, resource);
  const state = facts.State?.Name;
  if (state === 'stopped' || state === 'stopping')
    return notExposed(
      evidence(
        `${resource.name} is ${state}: dormant, exposed again when started if its network is open.`,
        resource,
      ),
    );
  if (state === 'terminated' || state === 'shutting-down')
    return notExposed(evidence(`${resource.name} is ${state}.`, resource));
  const interfaces = interfacesOf(estate, resource, facts);
  const direct = interfaces.map((each) => exposeInterfaceOf(estate, resource, each, facts.VpcId));
  return combineExposures([
    ...direct,
    exposeThroughLoadBalancers(estate, resource, facts.InstanceId, interfaces, facts.VpcId),
  ]);
}

/** Whether a network interface, whatever it belongs to, is reached directly. */
export function exposeInterface(estate: AwsEstate, resource: EstateResource): AwsExposure {
  return exposeInterfaceOf(estate, resource, estate.facts(INTERFACE, resource), undefined);
}

function exposeInterfaceOf(
  estate: AwsEstate,
  resource: EstateResource,
  facts: InterfaceFacts,
  vpcId: string | undefined,
): AwsExposure {
  return exposeOnNetwork(estate, {
    resource,
    what: facts.NetworkInterfaceId === undefined ? resource.name : facts.NetworkInterfaceId,
    addresses: addressesOf(facts),
    groups: (facts.Groups ?? []).flatMap((group) => group.GroupId ?? []),
    subnets: facts.SubnetId === undefined ? [] : [facts.SubnetId],
    vpc: facts.VpcId ?? vpcId,
    ports: null,
    auth: 'app',
  });
}

/** Addresses of an interface that may be on the internet. */
function addressesOf(facts: InterfaceFacts): readonly string[] {
  return [
    ...(facts.Association?.PublicIp ?? '').split(' '),
    ...(facts.PrivateIpAddresses ?? []).map((address) => address.Association?.PublicIp ?? ''),
    ...(facts.Ipv6Addresses ?? []).map((address) => address.Ipv6Address ?? ''),
  ].filter((address) => address !== '');
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
