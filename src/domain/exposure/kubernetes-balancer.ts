import { parseAddresses } from '#base/address-set.ts';
import { assumedBy } from '../resource/assumed-join.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import { type AskedPort, loginAtDoor, reachOfDoor } from './kubernetes-cloud-door.ts';
import { type KubernetesEstate, nameOf, type Placed } from './kubernetes-estate.ts';
import type { Login } from './kubernetes-login.ts';
import { isOpenAddress } from './kubernetes-open-address.ts';
import { onward, type Reach, throughAny } from './kubernetes-way.ts';

/** What clouds say of the load balancers at some addresses. */
interface ToldBalancer {
  /** Null where none is known at one of the addresses, or where what is missing there leaves it open. */
  readonly reach: Reach | null;
  /** The login that it asks everybody for. */
  readonly login: Login | null;
  /** What its inventory lacks. */
  readonly doubt?: Evidence;
}

/** The cloud's own word on a load balancer that answers for an object of a cluster (attack-paths §2.7, 2). */
export function balancerReach(
  { resource }: Placed<unknown>,
  addresses: readonly string[],
  asked: AskedPort,
  estate: KubernetesEstate,
): ToldBalancer {
  const doors = addresses.map((address) => estate.balancerAt(address));
  const [first, ...others] = new Set(doors.filter((door) => door !== undefined));
  const isUntold = doors.some((door, index) => door === undefined && isOpenAddress(addresses[index] ?? ''));
  if (first === undefined || isUntold) return { reach: null, login: null };
  const known = [first, ...others];
  const reach = throughAny(known.map((door) => reachOfDoor(door, asked)));
  const names = known.map((door) => door.name).join(' and the ');
  if (isPublic(estate.audienceOf(reach.possible)) && !isPublic(estate.audienceOf(reach.certain))) {
    const sentence = `What the inventory of its cloud lacks of the ${names}: ${reach.missing[0] ?? 'not told'}.`;
    return { reach: null, login: null, doubt: { sentence, provenance: first.provenance, at: first.at } };
  }
  const numbers = addresses.filter((address) => parseAddresses(address) !== null);
  const join = numbers.length === 0 ? '' : assumedBy(numbers.join(' and '));
  const auth = others.length === 0 ? loginAtDoor(first, asked) : null;
  return {
    reach: onward(reach, {
      fact: evidence(`${nameOf(resource)} is served by the ${names}${join}.`, resource),
    }),
    login: auth === null ? null : { auth, words: `the login of the ${names}` },
  };
}
