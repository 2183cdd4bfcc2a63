import { NO_ADDRESSES } from '#base/address-set.ts';
import { azureCall } from '../resource/azure-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { API_MANAGEMENT } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { admitted } from './azure-admitted.ts';
import { networkOf } from './azure-balancers.ts';
import type { AzureEstate } from './azure-estate.ts';
import { platformAddress } from './azure-frontend.ts';
import { exposeBehindFrontDoors, exposeBehindGatewayNames, type FrontedService } from './azure-fronts.ts';
import { behindGateway, exposeForwarded } from './azure-gateway-exposure.ts';
import { poolsListing } from './azure-gateway-routes.ts';
import type { AzurePlace } from './azure-network.ts';
import { exposeDoor } from './azure-place-exposure.ts';
import { type ExposureRecord, isOpenToPublic } from './exposure-record.ts';
import { noInventoryTells } from './untold.ts';
import { closedWay, openWay, unsureWay } from './way-in.ts';

/**
 * Whether the gateway of an API Management service answers the internet, by its own address, past the security group of
 * the subnet that it lies in, or through what stands in front of it. What its APIs ask for is told by their policies,
 * which no inventory has; a subscription's key is no login.
 */
export function exposeApiManagement(
  estate: AzureEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const direct = exposeOwnAddress(estate, resource);
  if (direct.some(isOpenToPublic)) return direct;
  const fronts = exposeFronts(estate, resource);
  return fronts.some(isOpenToPublic) ? fronts.filter((way) => way.verdict !== 'no') : [...direct, ...fronts];
}

function exposeOwnAddress(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(API_MANAGEMENT, resource);
  const { publicNetworkAccess, virtualNetworkType, gatewayUrl, disableGateway } = facts;
  const { name } = resource;
  const closed = (sentence: string): readonly ExposureRecord[] => [
    closedWay({ gates: [resource.key], evidence: [evidence(sentence, resource)] }),
  ];
  if (publicNetworkAccess?.toLowerCase() === 'disabled')
    return closed(`${calledFirst(resource)} is reached over private endpoints only.`);
  if (virtualNetworkType?.toLowerCase() === 'internal')
    return closed(`The gateway of ${called(resource)} has an address inside its virtual network only.`);
  if (disableGateway === true)
    return closed(`The gateway of ${called(resource)} in its main region is switched off.`);
  // A service without a network says None, so nothing said means nothing told.
  if (publicNetworkAccess === undefined && virtualNetworkType === undefined)
    return [
      unsureWay([`the network of ${name}: ${azureCall('apim show', resource.key.slice('azure:'.length))}`]),
    ];
  const subnet = facts.virtualNetworkConfiguration?.subnetResourceId;
  if (virtualNetworkType?.toLowerCase() === 'external' && subnet !== undefined)
    return exposeDoor(estate, {
      resource,
      what: `the gateway of ${called(resource)}`,
      place: placeIn(subnet, undefined),
      address: platformAddress(hostsOf(gatewayUrl)),
      ports: [{ protocol: 'tcp', from: 443, to: 443 }],
      via: [gatewayUrl ?? []].flat(),
    });
  return [
    openWay('internet', {
      surface: 'tcp/443',
      via: gatewayUrl === undefined ? [] : [gatewayUrl],
      gates: [resource.key],
      evidence: [
        evidence(
          `The gateway of ${called(resource)} answers the whole internet; what its APIs ask for is told by their policies.`,
          resource,
        ),
      ],
    }),
  ];
}

function placeIn(subnet: string, privateAddress: string | undefined): AzurePlace {
  return { privateAddress, groups: [], nsg: null, subnet, isOpenWithoutNsg: true };
}

function hostsOf(gatewayUrl: string | undefined): readonly string[] {
  return /^https?:\/\/([^/:]+)/i.exec(gatewayUrl ?? '')?.slice(1) ?? [];
}

/** The ways in through a Front Door with a private link to it, and application gateways in its network. */
function exposeFronts(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(API_MANAGEMENT, resource);
  if (facts.disableGateway === true) return [];
  const service: FrontedService = {
    resource,
    hosts: hostsOf(facts.gatewayUrl),
    targets: [resource.key.slice('azure:'.length)],
    connections: facts.privateEndpointConnections,
    way: { surface: 'tcp/443' },
  };
  const nobody = () => admitted(NO_ADDRESSES);
  return [
    ...exposeBehindFrontDoors(estate, service, nobody),
    ...exposeBehindGatewayNames(estate, service, nobody),
    ...exposeInNetwork(estate, resource, service.hosts),
  ];
}

/** What asks it from inside its network finds it at an address of its subnet. */
function exposeInNetwork(
  estate: AzureEstate,
  resource: EstateResource,
  hosts: readonly string[],
): readonly ExposureRecord[] {
  const { virtualNetworkConfiguration, privateIPAddresses = [] } = estate.facts(API_MANAGEMENT, resource);
  const subnet = virtualNetworkConfiguration?.subnetResourceId;
  if (subnet === undefined) return [];
  return poolsListing(estate, [...hosts, ...privateIPAddresses]).flatMap((pool) => {
    const behind = behindGateway(estate, pool);
    if (behind === null || 'missing' in behind) return [];
    if (networkOf(behind.subnet ?? '') !== networkOf(subnet))
      return [
        unsureWay([
          noInventoryTells(`whether ${behind.gateway.name} reaches ${resource.name} in another network`),
        ]),
      ];
    const what = `the gateway of ${called(resource)}`;
    const place = placeIn(subnet, privateIPAddresses[0]);
    return exposeForwarded(estate, { resource, what, place, via: [] }, behind, [443]);
  });
}
