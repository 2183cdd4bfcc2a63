import { parseAddresses } from '#base/address-set.ts';
import { assumedBy } from '../resource/assumed-join.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import type { CloudDoor } from './cloud-door.ts';
import { type AskedPort, doorTo, loginAtDoor, reachOfDoor } from './kubernetes-cloud-door.ts';
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
  const names = namesOf(known);
  if (isPublic(estate.audienceOf(reach.possible)) && !isPublic(estate.audienceOf(reach.certain))) {
    const sentence = `What the inventory of its cloud lacks of the ${names}: ${reach.missing[0] ?? 'not told'}.`;
    return { reach: null, login: null, doubt: { sentence, provenance: first.provenance, at: first.at } };
  }
  const numbers = addresses.filter((address) => parseAddresses(address) !== null);
  const join = numbers.length === 0 ? '' : assumedBy(numbers.join(' and '));
  return {
    reach: onward(reach, {
      fact: evidence(`${nameOf(resource)} is served by the ${names}${join}.`, resource),
    }),
    login: loginOfAll(known, asked),
  };
}

/** Nobody gets past several doors without a login only where each of them asks for one. */
function loginOfAll(doors: readonly CloudDoor[], asked: AskedPort): Login | null {
  const logins = doors.map((door) => loginAtDoor(door, asked));
  const [first] = logins;
  if (first === undefined || first === null || logins.includes(null)) return null;
  return { ...first, words: `the login of the ${namesOf(doors)}` };
}

function namesOf(doors: readonly CloudDoor[]): string {
  return doors.map((door) => door.name).join(' and the ');
}

/**
 * The same of what it does for one port of a service behind it (`shop/web`), as its cloud tells backend by backend: the login and
 * the filter of one service are none of the next. Null where no cloud tells which of its backends that is.
 */
export function balancerTowards(
  { resource }: Placed<unknown>,
  addresses: readonly string[],
  asked: AskedPort,
  backend: { readonly service: string; readonly port: string | null },
  estate: KubernetesEstate,
): { readonly reach: Reach; readonly login: Login | null } | null {
  const doors = new Set(addresses.map((address) => estate.balancerAt(address)));
  const own = [...doors].flatMap((door) =>
    door === undefined ? [] : (doorTo(door, backend.service, backend.port) ?? []),
  );
  if (own.length === 0) return null;
  const fact = evidence(`${nameOf(resource)} is served by the ${namesOf(own)}.`, resource);
  return {
    reach: onward(throughAny(own.map((door) => reachOfDoor(door, asked))), { fact }),
    login: loginOfAll(own, asked),
  };
}
