import { coversAddresses, networkText, parseAddresses } from '#base/address-set.ts';
import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import { TARGET_GROUP, TARGET_HEALTH } from '../resource/facts/aws-network-facts.ts';
import { identifyAddressIn } from '../resource/resource-key.ts';
import type { EstateResource } from '../risk/estate.ts';
import { AwsEstate } from './aws-estate.ts';
import { namesOfGroup, registered } from './aws-target-group.ts';
import { rangesOfNetwork, TARGET_TYPES } from './aws-targets-elsewhere.ts';
import { PRIVATE } from './aws-unseen-balancer.ts';

/** Types that tell which machines load balancers of an account reach and no inventory has. */
export const OUTSIDE_MACHINE_TYPES: readonly string[] = [...TARGET_TYPES, 'inventory-listing'];

/** A machine of which nothing is told but that a load balancer sends to its address. */
export interface OutsideMachine {
  readonly key: string;
  readonly name: string;
  readonly region: string | null;
  /** In the shape of `OUTSIDE_MACHINE`. */
  readonly facts: JsonObject;
  /** When it was a target last, and which source said so. */
  readonly seenAt: Instant;
  readonly provenance: string;
}

/**
 * Machines on premises, or in an account that was not told, which load balancers of one account have as targets by their
 * private addresses (attack-paths §2.3); by key. The address is outside of the network of the target group, as AWS itself
 * says or the ranges of that network do, and `known`, the addresses of everything that inventories of AWS describe, has
 * it not. Where it is in a range of another network of the account, that one's interfaces have to be listed.
 */
export function outsideMachines(
  resources: readonly EstateResource[],
  known: ReadonlySet<string>,
): ReadonlyMap<string, OutsideMachine> {
  const estate = new AwsEstate(resources);
  const own = estate.ofType('vpc').flatMap((each) => rangesOfNetwork(estate, each));
  const isSettled = estate.isListedEverywhere('network-interface');
  const found = new Map<string, OutsideMachine>();
  for (const group of estate.ofType('target-group')) {
    const { VpcId } = estate.facts(TARGET_GROUP, group);
    if (VpcId === undefined) continue;
    const region = estate.regionOf(group);
    const network = estate.find('vpc', VpcId, region);
    for (const each of registered(estate, namesOfGroup(estate, group))) {
      const { Id = '', AvailabilityZone } = estate.facts(TARGET_HEALTH, each);
      const address = machineAddress(Id);
      const one = address === null ? null : parseAddresses(address);
      if (address === null || one === null || known.has(address)) continue;
      if (AvailabilityZone === undefined ? network === undefined : AvailabilityZone !== 'all') continue;
      if (
        network !== undefined &&
        rangesOfNetwork(estate, network).some((range) => coversAddresses(range, one))
      )
        continue;
      if (!isSettled && own.some((range) => coversAddresses(range, one))) continue;
      const place = `aws:${group.account ?? ''}/${region ?? ''}/${VpcId}`;
      const { key, name } = identifyAddressIn(place, address);
      if ((found.get(key)?.seenAt ?? -1) >= each.seenAt) continue;
      const facts = { Address: address, Network: VpcId };
      found.set(key, { key, name, region, facts, seenAt: each.seenAt, provenance: each.provenance });
    }
  }
  return found;
}

/** The one spelling of a private address of IPv4, which alone may be outside of the network; null for anything else. */
function machineAddress(id: string): string | null {
  const address = id.includes('/') || id.includes(':') ? null : parseAddresses(id);
  if (address === null || !coversAddresses(PRIVATE, address)) return null;
  return networkText(id)?.replace(/\/\d+$/, '') ?? null;
}
