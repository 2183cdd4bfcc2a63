import { type AddressSet, NO_ADDRESSES, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { isPublic } from './audience.ts';
import type { CloudDoor } from './cloud-door.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';
import { INSIDE, onward, type Reach, throughAny } from './kubernetes-way.ts';
import { EVERYWHERE } from './passage.ts';
import { servesPort } from './surface.ts';

/** A port that is asked for at a door; null for any. */
export type AskedPort = { readonly protocol: string; readonly port: number } | null;

/**
 * Who gets through a door on a port (attack-paths §2.7, 2 and 4): its ways in there, joined. Nobody where it has none,
 * since its listeners or groups were described.
 */
export function reachOfDoor(door: CloudDoor, asked: AskedPort): Reach {
  const ways = waysOn(door, asked);
  const said = { via: door.name };
  if (ways.length > 0) return onward(throughAny(ways.map(reachOfWay)), said);
  const where = asked === null ? '' : ` on ${asked.protocol.toLowerCase()}/${asked.port}`;
  const sentence = `By the inventory of its cloud, ${door.name} answers nobody${where}.`;
  return onward(
    {
      certain: NO_ADDRESSES,
      possible: NO_ADDRESSES,
      missing: [],
      via: [],
      gates: [],
      evidence: [{ sentence, provenance: door.provenance, at: door.at }],
    },
    said,
  );
}

/** Logins that somebody has to be given; null where a public way has none, or no way is public. */
export function loginAtDoor(door: CloudDoor, asked: AskedPort): Authentication | null {
  const open = waysOn(door, asked).filter((way) => way.verdict === 'yes' && isPublic(way.audience));
  const [first] = open;
  return first !== undefined && open.every(({ auth }) => STRANGERS_REFUSED.has(auth)) ? first.auth : null;
}

const STRANGERS_REFUSED: ReadonlySet<Authentication> = new Set(['oidc', 'mtls', 'iam']);

function waysOn({ ways }: CloudDoor, asked: AskedPort): readonly ExposureRecord[] {
  return asked === null
    ? ways
    : ways.filter(({ surface }) => servesPort(surface, asked.protocol, asked.port));
}

function reachOfWay(way: ExposureRecord): Reach {
  const senders = way.verdict === 'no' ? NO_ADDRESSES : sendersOf(way);
  return {
    certain: way.verdict === 'yes' ? senders : NO_ADDRESSES,
    possible: senders,
    missing: way.missing,
    via: way.via,
    gates: way.gates,
    evidence: way.evidence,
    ...(way.isDormant === true ? { isDormant: true as const } : {}),
  };
}

/** The addresses of an audience; of named ones that were too many to be told nobody is certain to be a stranger. */
function sendersOf({ audience, senders }: ExposureRecord): AddressSet {
  if (senders !== undefined) return unionAddresses(...senders.flatMap((text) => parseAddresses(text) ?? []));
  if (isPublic(audience)) return EVERYWHERE;
  return audience === 'corp' ? INSIDE : NO_ADDRESSES;
}
