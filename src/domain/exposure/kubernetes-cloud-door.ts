import { type AddressSet, NO_ADDRESSES, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { isPublic } from './audience.ts';
import type { CloudDoor } from './cloud-door.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';
import type { Login } from './kubernetes-login.ts';
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

/** The part of a door that leads to one port of a service, where its cloud tells what its ways lead to; null where none does. */
export function doorTo(door: CloudDoor, service: string, port: string | null): CloudDoor | null {
  const ways = door.ways.filter(
    ({ behind }) =>
      behind?.service === service && (port === null || behind.port === undefined || behind.port === port),
  );
  return ways.length === 0 ? null : { ...door, ways };
}

/** A login that somebody has to be given; null where a public way has none, or no way is public. */
export function loginAtDoor(door: CloudDoor, asked: AskedPort): Omit<Login, 'words'> | null {
  const open = waysOn(door, asked).filter((way) => way.verdict === 'yes' && isPublic(way.audience));
  const [first] = open;
  if (first === undefined || !open.every(({ auth }) => STRANGERS_REFUSED.has(auth))) return null;
  const { auth } = first;
  if (open.some(({ behind }) => behind?.lets === 'any-google-account'))
    return { auth, lets: 'any-google-account' };
  const missing = open.flatMap(({ behind }) => (behind?.lets === 'unknown' ? (behind.lacks ?? []) : []));
  return missing.length === 0 ? { auth } : { auth, lets: { missing } };
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
    ...(way.audience === 'any-google-account' ? { among: way.audience } : {}),
  };
}

/** The addresses of an audience; of named ones that were too many to be told nobody is certain to be a stranger. */
function sendersOf({ audience, senders }: ExposureRecord): AddressSet {
  if (senders !== undefined) return unionAddresses(...senders.flatMap((text) => parseAddresses(text) ?? []));
  if (isPublic(audience)) return EVERYWHERE;
  return audience === 'corp' ? INSIDE : NO_ADDRESSES;
}
