import type { AddressSet } from '#base/address-set.ts';
import { FRONT_DOOR, FRONT_DOOR_PART, PUBLIC_IP } from '../resource/facts/azure-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AzureEstate } from './azure-estate.ts';
import { SENDERS_V4, SENDERS_V6 } from './azure-senders.ts';

/** A public address, as far as it was described. */
export interface PublicAddress {
  readonly id: string;
  readonly resource: EstateResource | undefined;
  readonly address: string | undefined;
  /** Null where it was not described. */
  readonly isStandard: boolean | null;
  /** Who could send to it. */
  readonly senders: AddressSet;
  /** Other names under which Front Door may know it. */
  readonly names: readonly string[];
}

export function publicAddress(estate: AzureEstate, id: string): PublicAddress {
  const resource = estate.find(id);
  if (resource === undefined)
    return { id, resource, address: undefined, isStandard: null, senders: SENDERS_V4, names: [] };
  const { ipAddress, publicIPAddressVersion, sku, dnsSettings } = estate.facts(PUBLIC_IP, resource);
  return {
    id,
    resource,
    address: ipAddress,
    // An address without a SKU is from before there were two.
    isStandard: sku?.name?.toLowerCase().startsWith('standard') === true,
    senders: publicIPAddressVersion === 'IPv6' ? SENDERS_V6 : SENDERS_V4,
    names: [ipAddress, dnsSettings?.fqdn].flatMap((name) => name?.toLowerCase() ?? []),
  };
}

/** The Front Door that forwards to one of these host names or addresses; undefined where none that is described does. */
export function frontDoorOf(estate: AzureEstate, names: readonly string[]): EstateResource | undefined {
  const origins = estate.derived(frontDoorOrigins);
  return names.map((name) => origins.get(name.toLowerCase())).find((door) => door !== undefined);
}

function frontDoorOrigins(estate: AzureEstate): ReadonlyMap<string, EstateResource> {
  const origins = new Map<string, EstateResource>();
  for (const door of estate.ofType('azure-front-door')) {
    const { enabledState, backendPools = [] } = estate.facts(FRONT_DOOR, door);
    if (enabledState === 'Disabled') continue;
    for (const { address, enabledState: state } of backendPools.flatMap((pool) => pool.backends ?? []))
      if (address !== undefined && state !== 'Disabled') origins.set(address.toLowerCase(), door);
  }
  const endpoints = estate
    .ofType('azure-front-door-endpoint')
    .filter((endpoint) => estate.facts(FRONT_DOOR_PART, endpoint).enabledState !== 'Disabled');
  for (const origin of estate.ofType('azure-front-door-origin')) {
    const { id, hostName, enabledState } = estate.facts(FRONT_DOOR_PART, origin);
    const profile = profileOf(id);
    const endpoint = endpoints.find((each) => profileOf(estate.facts(FRONT_DOOR_PART, each).id) === profile);
    if (hostName !== undefined && enabledState !== 'Disabled' && endpoint !== undefined)
      origins.set(hostName.toLowerCase(), endpoint);
  }
  return origins;
}

function profileOf(id: string | undefined): string {
  return /^.*\/profiles\/[^/]+/i.exec(id ?? '')?.[0]?.toLowerCase() ?? '';
}
