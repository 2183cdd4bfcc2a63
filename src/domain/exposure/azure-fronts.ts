import { type AddressSet, hasAddresses, intersectAddresses, NO_ADDRESSES } from '#base/address-set.ts';
import { azureCall } from '../resource/azure-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { PRIVATE_ENDPOINT, type PrivateConnectionFacts } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Admitted, admitted, perhapsAdmitted } from './azure-admitted.ts';
import { networkOf } from './azure-balancers.ts';
import { exposeClients } from './azure-clients.ts';
import type { AzureEstate } from './azure-estate.ts';
import { type FrontDoorWay, frontDoorWays } from './azure-front-doors.ts';
import { type BehindGateway, behindGateway } from './azure-gateway-exposure.ts';
import { poolsListing } from './azure-gateway-routes.ts';
import { FRONT_DOOR } from './azure-senders.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { noInventoryTells } from './untold.ts';
import { openWay, unsureWay, type Way } from './way-in.ts';

/** A service that has names on the internet, and perhaps private endpoints beside them. */
export interface FrontedService {
  readonly resource: EstateResource;
  readonly hosts: readonly string[];
  /** Its id, in lower case, and others under which a private link may name what it is a part of. */
  readonly targets: readonly [string, ...string[]];
  readonly connections: readonly PrivateConnectionFacts[number][] | undefined;
  readonly way: Pick<Way, 'surface' | 'auth'>;
}

/**
 * The ways in through Front Doors that send requests to it: over a private link that was let in, which its own network
 * rules say nothing of, or from the internet, where `admits` says whether those rules let this Front Door in.
 */
export function exposeBehindFrontDoors(
  estate: AzureEstate,
  service: FrontedService,
  admits: (front: FrontDoorWay) => Admitted,
): readonly ExposureRecord[] {
  const { resource, way } = service;
  return frontDoorWays(estate, service.hosts).flatMap((front) => {
    if (front.link !== undefined && !service.targets.includes(front.link.target)) return [];
    const entry = front.link === undefined ? admits(front) : overLink(front.link.status, front, service);
    if (!hasAddresses(intersectAddresses(entry.possible, FRONT_DOOR))) return [];
    const isCertain = hasAddresses(intersectAddresses(entry.certain, FRONT_DOOR));
    return exposeClients(estate, {
      clients: {
        certain: isCertain ? front.clients.certain : NO_ADDRESSES,
        possible: front.clients.possible,
        missing: [...entry.missing, ...front.clients.missing],
      },
      filteredBy: front.filteredBy,
      way: { ...way, via: [`Front Door ${front.door.name}`] },
      said: (whom) => [
        evidence(
          `${calledFirst(front.door)} forwards requests of ${whom} to ${called(resource)}.`,
          front.door,
        ),
        ...front.evidence,
      ],
    });
  });
}

/** Requests over a private link come in once whoever has the target let it in. */
function overLink(status: string | undefined, { door }: FrontDoorWay, service: FrontedService): Admitted {
  const states = service.connections?.map((each) => each.privateLinkServiceConnectionState?.status);
  const said =
    status ?? (states?.every((each) => each !== undefined && !isApproved(each)) ? 'none' : undefined);
  if (said !== undefined) return admitted(isApproved(said) ? FRONT_DOOR : NO_ADDRESSES);
  return perhapsAdmitted(FRONT_DOOR, [
    `whether ${service.resource.name} let the private link of ${door.name} in: ${azureCall('resource show', service.targets[0])}`,
  ]);
}

function isApproved(status: string | undefined): boolean {
  return status?.toLowerCase() === 'approved';
}

/** The ways in through application gateways whose backend it is, where `admits` says whether its rules let that gateway in. */
export function exposeBehindGatewayNames(
  estate: AzureEstate,
  service: FrontedService,
  admits: (behind: BehindGateway) => Admitted,
): readonly ExposureRecord[] {
  const { resource, hosts, targets, way } = service;
  const endpoints = endpointsTo(estate, targets);
  const names = [...hosts, ...endpoints.flatMap(({ addresses }) => addresses)];
  return poolsListing(estate, names).flatMap((pool) => {
    const behind = behindGateway(estate, pool);
    if (behind === null) return [];
    if ('missing' in behind) return [unsureWay(behind.missing)];
    const { gateway, filteredBy } = behind;
    const entry = enters(service, behind, endpoints, admits);
    const via = [`application gateway ${gateway.name}`];
    if (hasAddresses(entry.certain)) {
      const fact = evidence(
        `${calledFirst(gateway)} forwards requests of the whole internet to ${called(resource)}.`,
        gateway,
      );
      return [
        {
          ...openWay('internet', { ...way, via, evidence: [fact] }),
          ...(filteredBy === undefined ? {} : { filteredBy }),
        },
      ];
    }
    return hasAddresses(entry.possible) ? [unsureWay(entry.missing, { ...way, via })] : [];
  });
}

function enters(
  { resource, connections = [] }: FrontedService,
  behind: BehindGateway,
  endpoints: readonly Endpoint[],
  admits: (behind: BehindGateway) => Admitted,
): Admitted {
  const entry = admits(behind);
  if (hasAddresses(entry.certain)) return entry;
  const { gateway, subnet = '' } = behind;
  if (endpoints.some((endpoint) => networkOf(endpoint.subnet) === networkOf(subnet))) return admitted(HERE);
  const approved = connections.filter((each) => isApproved(each.privateLinkServiceConnectionState?.status));
  const [elsewhere] = endpoints;
  if (elsewhere !== undefined)
    return perhapsAdmitted(HERE, [
      noInventoryTells(
        `whether ${gateway.name} reaches the private endpoint ${elsewhere.name} of ${resource.name} in another network`,
      ),
    ]);
  if (approved.length > 0)
    return perhapsAdmitted(HERE, [
      `the private endpoints of ${resource.name}: az network private-endpoint list`,
    ]);
  return entry;
}

/** Somebody: whoever the gateway asks for. */
const HERE: AddressSet = FRONT_DOOR;

interface Endpoint {
  readonly name: string;
  readonly subnet: string;
  readonly addresses: readonly string[];
}

/** Private endpoints that were let in, by what they lead to. */
function endpointsTo(estate: AzureEstate, targets: readonly string[]): readonly Endpoint[] {
  const known = estate.derived(endpointsByTarget);
  return targets.flatMap((target) => known.get(target) ?? []);
}

function endpointsByTarget(estate: AzureEstate): ReadonlyMap<string, readonly Endpoint[]> {
  return Map.groupBy(
    estate.ofType('azure-private-endpoint').flatMap((each): (Endpoint & { readonly target: string })[] => {
      const facts = estate.facts(PRIVATE_ENDPOINT, each);
      const connections = [
        ...(facts.privateLinkServiceConnections ?? []),
        ...(facts.manualPrivateLinkServiceConnections ?? []),
      ];
      return connections.flatMap(({ privateLinkServiceId, privateLinkServiceConnectionState: state }) =>
        privateLinkServiceId !== undefined && isApproved(state?.status) && facts.subnet?.id !== undefined
          ? {
              name: each.name,
              target: privateLinkServiceId.toLowerCase(),
              subnet: facts.subnet.id,
              addresses: (facts.customDnsConfigs ?? []).flatMap(({ ipAddresses = [] }) => ipAddresses),
            }
          : [],
      );
    }),
    ({ target }) => target,
  );
}
