import { type AddressSet, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { capital } from '#base/text.ts';
import { evidence } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import { securityGroups } from './aws-layers.ts';
import { behindAddresses, GATES_MAX, type Opening, openingOf } from './aws-network-opening.ts';
import { intersectPorts, type NetworkPlace } from './aws-network-place.ts';
import { openWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';
import type { Passage } from './passage.ts';
import { audiencePorts, everyPort, intersectSurfaces, portsText } from './surface.ts';

/** Addresses that are the network's own, or that a link to it brings. */
const INSIDE: AddressSet = unionAddresses(
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'].map(
    (cidr) => parseAddresses(cidr) as AddressSet,
  ),
);

/** Private ranges on ports that strangers do not reach; whether a link brings somebody there is not looked at. */
export function fromInside(
  estate: AwsEstate,
  place: NetworkPlace,
  internet: readonly ExposureRecord[],
): readonly ExposureRecord[] {
  const { groups, addresses, what, resource, auth } = place;
  if (groups === null) return [];
  const told = new Set(internet.flatMap(({ verdict, surface }) => (verdict === 'yes' ? [surface] : [])));
  const ways = insideWays(estate, groups, place.ports, estate.regionOf(resource)).filter(
    (each) => !told.has(each.surface),
  );
  if (ways.length === 0) return [];
  const surface = portsSaid(ways);
  return [
    openWay(
      {
        surface,
        audience: 'corp',
        auth,
        via: behindAddresses(addresses, [...new Set(ways.flatMap(({ layers }) => layers))]),
        gates: [...new Set(ways.flatMap(({ gates }) => gates))].slice(0, GATES_MAX),
      },
      evidence(`${capital(what)} lets private ranges in on ${surface}.`, resource),
    ),
  ];
}

const PORTS_SAID = 8;

/** All of them at once: who comes from inside is told in one record, as nothing but the port differs. */
function portsSaid(ways: readonly Opening[]): string {
  const surfaces = ways.map(({ surface }) => surface);
  return `${surfaces.slice(0, PORTS_SAID).join(', ')}${surfaces.length > PORTS_SAID ? ', …' : ''}`;
}

const insideWaysOfGroups = (): Map<string, readonly Opening[]> => new Map();

/** The ports that groups open to private ranges; the same for everything that stands in them. */
function insideWays(
  estate: AwsEstate,
  groups: readonly string[],
  ports: NetworkPlace['ports'],
  region: string | null,
): readonly Opening[] {
  const known = estate.derived(insideWaysOfGroups);
  const about = `${region} ${groups.join(' ')} ${ports?.map(portsText).join(' ')}`;
  const found =
    known.get(about) ?? findInsideWays(estate, groups, ports, securityGroups(estate, groups, region));
  known.set(about, found);
  return found;
}

function findInsideWays(
  estate: AwsEstate,
  groups: readonly string[],
  ports: NetworkPlace['ports'],
  passage: Passage,
): readonly Opening[] {
  const asked = intersectPorts(everyPort(INSIDE), ports);
  return audiencePorts(intersectSurfaces(asked, passage.certain))
    .filter(({ audience }) => audience === 'corp')
    .map((each) => openingOf(estate, groups, each, passage));
}
