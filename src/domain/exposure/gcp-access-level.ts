import {
  type AddressSet,
  intersectAddresses,
  NO_ADDRESSES,
  parseAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import { ACCESS_LEVEL } from '../resource/facts/gcp-facts.ts';
import { assetCall, organisationPlace } from '../resource/gcp-call.ts';
import { type Audience, audienceOfSources, isPublic } from './audience.ts';
import type { GcpEstate } from './gcp-estate.ts';
import { EVERYWHERE } from './passage.ts';
import { noInventoryTells } from './untold.ts';

/** Whom an access level admits; `missing` where that is not told. */
type Admitted = { readonly audience: Audience } | { readonly missing: string };

/** Whom an access level of a perimeter admits, by the addresses and identities that its conditions name. */
export function admittedByLevel(estate: GcpEstate, name: string): Admitted {
  const shown = name.slice(name.lastIndexOf('/') + 1);
  const level = estate
    .ofType('gcp-access-level')
    .map((each) => estate.facts(ACCESS_LEVEL, each))
    .find((each) => each.name === name || each.id?.endsWith(`/${name}`) === true);
  if (level === undefined)
    return {
      missing: `whom the access level ${shown} admits: ${assetCall(organisationPlace([]), 'access-policy')}`,
    };
  const { combiningFunction, conditions = [] } = level.basic ?? {};
  if (conditions.length === 0)
    return { missing: noInventoryTells(`whom the expression of access level ${shown} admits`) };
  const sets = conditions.map(sendersOf);
  const senders = sets.flatMap(({ addresses }) => addresses);
  const admitted =
    combiningFunction === 'OR' ? unionAddresses(...senders) : senders.reduce(intersectAddresses, EVERYWHERE);
  const audience = audienceOfSources(admitted, estate.corporate);
  // What more is asked only narrows who comes.
  return isPublic(audience) && sets.some(({ isNarrowed }) => isNarrowed)
    ? { missing: noInventoryTells(`what more the conditions of access level ${shown} ask for`) }
    : { audience };
}

interface Senders {
  readonly addresses: AddressSet;
  /** Something beside addresses is asked for, which no inventory answers. */
  readonly isNarrowed: boolean;
}

function sendersOf({
  ipSubnetworks = [],
  members = [],
  negate,
  asksMore,
}: {
  readonly ipSubnetworks?: readonly string[] | undefined;
  readonly members?: readonly string[] | undefined;
  readonly negate?: boolean | undefined;
  readonly asksMore?: boolean | undefined;
}): Senders {
  const ranges = ipSubnetworks.map(parseAddresses);
  if (negate === true || ranges.includes(null)) return { addresses: EVERYWHERE, isNarrowed: true };
  // Named identities are no strangers.
  if (members.length > 0) return { addresses: NO_ADDRESSES, isNarrowed: false };
  return {
    addresses: ranges.length === 0 ? EVERYWHERE : unionAddresses(...ranges.flatMap((range) => range ?? [])),
    isNarrowed: asksMore === true,
  };
}
