import {
  type AddressSet,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  unionAddresses,
} from '#base/address-set.ts';

/** A range of addresses that an organisation calls its own (attack-paths §2.1): who comes from there is no stranger. */
export interface CorporateNetwork {
  readonly label: string;
  readonly addresses: AddressSet;
}

export function addressesOfNetworks(networks: readonly CorporateNetwork[]): AddressSet {
  return networks.length === 0 ? NO_ADDRESSES : unionAddresses(...networks.map((each) => each.addresses));
}

const LABELS_MAX = 3;

/** What the organisation calls the senders: ` (Berlin, VPN)`; empty where none of them is in a range with a name. */
export function labelText(networks: readonly CorporateNetwork[], senders: AddressSet): string {
  const labels = networks
    .filter(({ addresses }) => hasAddresses(intersectAddresses(addresses, senders)))
    .map(({ label }) => label);
  const said = [...new Set(labels)];
  if (said.length === 0) return '';
  return ` (${said.slice(0, LABELS_MAX).join(', ')}${said.length > LABELS_MAX ? ', …' : ''})`;
}
