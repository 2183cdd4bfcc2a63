import type { AddressSet } from '#base/address-set.ts';
import { PUBLIC_IP } from '../resource/facts/azure-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AzureEstate } from './azure-estate.ts';
import { EVERYBODY, SENDERS_V4, SENDERS_V6 } from './azure-senders.ts';

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

/** An address of the platform's own in front of a service, to which anybody could send. */
export function platformAddress(
  names: readonly string[],
  senders: AddressSet = EVERYBODY,
  resource?: EstateResource,
): PublicAddress {
  return { id: '', resource, address: undefined, isStandard: true, senders, names };
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
