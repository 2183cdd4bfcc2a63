import { NO_ADDRESSES } from '#base/address-set.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { nameOf } from './kubernetes-estate.ts';
import type { Login } from './kubernetes-login.ts';
import type { TrafficSource } from './kubernetes-network-policy.ts';
import type { FrontWay } from './kubernetes-service-front.ts';
import { admitting, closedReach, onward, type Reach } from './kubernetes-way.ts';
import { EVERYWHERE } from './passage.ts';

/** A front, as far as what stands behind it is concerned. */
export interface Leading {
  readonly reach: Reach;
  readonly login: Login | null;
  readonly source: TrafficSource;
}

/** A front as what stands behind it sees it: closed by a login, whoever gets to the front, unless strangers pass that too. */
export function led(
  { reach, login, source }: Leading,
  surface: string,
  by: EstateResource,
  gate: string,
): Omit<FrontWay, 'port'> {
  const rest = { surface, source, login: null };
  if (login === null)
    return {
      ...onward(reach, { gate, fact: evidence(`${nameOf(by)} leads there.`, by) }),
      ...rest,
      auth: 'app',
    };
  if (login.lets !== undefined) {
    const fact = evidence(`${nameOf(by)} leads there, behind ${login.words}.`, by);
    return { ...pastLogin(onward(reach, { gate, fact }), login.lets), ...rest, auth: 'app' };
  }
  const closed = closedReach(`Reachable behind ${login.words} at ${nameOf(by)} only.`, by);
  return {
    ...reach,
    certain: NO_ADDRESSES,
    possible: NO_ADDRESSES,
    missing: [],
    gates: [...reach.gates, `${nameOf(by)}: ${login.words}`],
    evidence: [...closed.evidence, ...(login.assumes === undefined ? [] : [evidence(login.assumes, by)])],
    ...rest,
    auth: login.auth,
  };
}

/** Past a login that lets in more than those whom the owner named, or may. */
function pastLogin(reach: Reach, lets: NonNullable<Login['lets']>): Reach {
  if (lets === 'any-google-account') return { ...reach, among: lets };
  return admitting(reach, { certain: NO_ADDRESSES, possible: EVERYWHERE, missing: lets.missing });
}
