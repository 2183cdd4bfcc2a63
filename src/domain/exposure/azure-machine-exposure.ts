import { capital } from '#base/text.ts';
import { called, calledFirst } from '../resource/called.ts';
import { type IpConfigurationFacts, NIC, VM, VMSS } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { balancedPorts, balancerParts, ownerId } from './azure-balancers.ts';
import type { AzureEstate } from './azure-estate.ts';
import { publicAddress } from './azure-frontend.ts';
import { exposeBehindGateways } from './azure-gateway-exposure.ts';
import { type AzurePlace, lastOf } from './azure-network.ts';
import { exposeDoor } from './azure-place-exposure.ts';
import { SENDERS_V4 } from './azure-senders.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { closedWay, dormantWay, unsureWay } from './way-in.ts';

/** Whether a virtual machine is reached over one of its interfaces: by its own address, or through what stands in front. */
export function exposeMachine(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { networkProfile, powerState } = estate.facts(VM, resource);
  const state = /(running|stopped|stopping|deallocated|deallocating)$/i.exec(powerState ?? '')?.[1];
  if (state !== undefined && state.toLowerCase() !== 'running')
    return [
      dormantWay({
        evidence: [
          evidence(
            `${calledFirst(resource)} is ${state}: dormant, exposed again when started if its network is open.`,
            resource,
          ),
        ],
      }),
    ];
  const ids = (networkProfile?.networkInterfaces ?? []).flatMap((each) => each.id ?? []);
  if (networkProfile?.networkInterfaces === undefined || ids.length === 0)
    return [unsureWay([`the interfaces of ${resource.name}: az vm list`])];
  return ids.flatMap((id) => {
    const nic = estate.find(id);
    return nic === undefined
      ? [unsureWay([`interface ${lastOf(id)}: az network nic list`])]
      : exposeNic(estate, resource, nic);
  });
}

/** Whether an interface, whatever it belongs to, is reached. */
export function exposeInterface(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  return exposeNic(estate, resource, resource);
}

function exposeNic(
  estate: AzureEstate,
  resource: EstateResource,
  nic: EstateResource,
): readonly ExposureRecord[] {
  const { ipConfigurations } = estate.facts(NIC, nic);
  if (ipConfigurations === undefined)
    return [unsureWay([`the addresses of interface ${nic.name}: az network nic list`])];
  return exposeConnections(estate, resource, called(nic), connectionsOf(estate, nic));
}

/** Whether the instances of a scale set are reached; its template says how they will be connected. */
export function exposeScaleSet(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { sku, virtualMachineProfile } = estate.facts(VMSS, resource);
  if (sku?.capacity === 0)
    return [
      dormantWay({ evidence: [evidence(`${calledFirst(resource)} has no instance: dormant.`, resource)] }),
    ];
  const interfaces = virtualMachineProfile?.networkProfile?.networkInterfaceConfigurations;
  if (interfaces === undefined || interfaces.length === 0)
    return [unsureWay([`the network profile of ${resource.name}: az vmss list`])];
  return exposeConnections(
    estate,
    resource,
    `each instance of ${called(resource)}`,
    connectionsOf(estate, resource),
  );
}

/**
 * The ways to an interface or the instances of a scale set that lead through one load balancer; none where no rule
 * of it leads there.
 */
export function exposeThroughBalancer(
  estate: AzureEstate,
  member: EstateResource,
  balancerId: string,
): readonly ExposureRecord[] {
  if (member.type === 'azure-vmss' && estate.facts(VMSS, member).sku?.capacity === 0) return [];
  const what = member.type === 'azure-vmss' ? `each instance of ${called(member)}` : called(member);
  return connectionsOf(estate, member).flatMap((connection) =>
    balancerParts(estate, connection.configuration)
      .filter((part) => ownerId(part) === balancerId.toLowerCase())
      .flatMap((part) => exposeBalanced(estate, member, what, part, placeOf(connection))),
  );
}

/** How an interface, or each instance of a scale set, is connected. */
interface Connection {
  readonly configuration: IpConfigurationFacts;
  readonly nsg: string | undefined;
}

/** The connections of an interface or, as its template says, of each instance of a scale set. */
export function connectionsOf(estate: AzureEstate, member: EstateResource): readonly Connection[] {
  const interfaces =
    member.type === 'azure-nic'
      ? [estate.facts(NIC, member)]
      : (estate.facts(VMSS, member).virtualMachineProfile?.networkProfile?.networkInterfaceConfigurations ??
        []);
  return interfaces.flatMap(({ networkSecurityGroup, ipConfigurations = [] }) =>
    ipConfigurations.map((configuration) => ({ configuration, nsg: networkSecurityGroup?.id })),
  );
}

function exposeConnections(
  estate: AzureEstate,
  resource: EstateResource,
  what: string,
  connections: readonly Connection[],
): readonly ExposureRecord[] {
  const ways = connections.flatMap((connection) => exposeConnection(estate, resource, what, connection));
  if (ways.length > 0) return ways;
  const fact = evidence(
    `${capital(what)} has no public address, and no load balancer or gateway in front of it has one.`,
    resource,
  );
  return [closedWay({ evidence: [fact] })];
}

function exposeConnection(
  estate: AzureEstate,
  resource: EstateResource,
  what: string,
  connection: Connection,
): readonly ExposureRecord[] {
  const { configuration } = connection;
  const place = placeOf(connection);
  const ways: ExposureRecord[] = [];
  const { publicIPAddress, publicIPAddressConfiguration } = configuration;
  if (publicIPAddress?.id !== undefined) {
    const address = publicAddress(estate, publicIPAddress.id);
    const via = [`public address ${lastOf(address.id)}`];
    const isOpenWithoutNsg = address.isStandard === null ? null : !address.isStandard;
    ways.push(
      ...exposeDoor(estate, {
        resource,
        what,
        place: { ...place, isOpenWithoutNsg },
        address,
        ports: null,
        via,
      }),
    );
  }
  if (publicIPAddressConfiguration !== undefined) {
    const isStandard = publicIPAddressConfiguration.sku?.name?.toLowerCase().startsWith('standard') === true;
    const address = {
      id: '',
      resource: undefined,
      address: undefined,
      isStandard,
      senders: SENDERS_V4,
      names: [],
    };
    ways.push(
      ...exposeDoor(estate, {
        resource,
        what,
        place: { ...place, isOpenWithoutNsg: !isStandard },
        address,
        ports: null,
        via: ['a public address of each instance'],
      }),
    );
  }
  ways.push(...exposeBehindBalancers(estate, resource, what, configuration, place));
  ways.push(...exposeBehindGateways(estate, resource, what, configuration, place));
  return ways;
}

function placeOf({ configuration, nsg }: Connection): AzurePlace {
  return {
    privateAddress: configuration.privateIPAddress,
    groups: (configuration.applicationSecurityGroups ?? []).flatMap((group) => group.id ?? []),
    nsg: nsg ?? null,
    subnet: configuration.subnet?.id,
    isOpenWithoutNsg: null,
  };
}

/** A load balancer of Azure keeps the sender's address, so the security groups of its members decide. */
function exposeBehindBalancers(
  estate: AzureEstate,
  resource: EstateResource,
  what: string,
  configuration: IpConfigurationFacts,
  place: AzurePlace,
): readonly ExposureRecord[] {
  const parts = balancerParts(estate, configuration);
  const unseen = parts.filter((part) => estate.find(ownerId(part)) === undefined);
  const ways = parts.flatMap((part) => exposeBalanced(estate, resource, what, part, place));
  if (unseen.length === 0) return ways;
  return [
    ...ways,
    unsureWay(unseen.map((part) => `load balancer ${lastOf(ownerId(part))}: az network lb list`)),
  ];
}

/** By one pool or rule of a load balancer. */
function exposeBalanced(
  estate: AzureEstate,
  resource: EstateResource,
  what: string,
  part: string,
  place: AzurePlace,
): readonly ExposureRecord[] {
  return balancedPorts(estate, part).flatMap(({ balancer, rule, address, isStandard, keepsAddress, ports }) =>
    exposeDoor(estate, {
      resource,
      what,
      place: {
        ...place,
        isOpenWithoutNsg: !isStandard,
        privateAddress: keepsAddress ? address.address : place.privateAddress,
      },
      address,
      ports,
      via: [`public address ${lastOf(address.id)}`, `load balancer ${balancer.name}, rule ${rule}`],
    }),
  );
}
