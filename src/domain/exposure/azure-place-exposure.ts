import { type AddressSet, hasAddresses, unionAddresses } from '#base/address-set.ts';
import { capital } from '#base/text.ts';
import { called, calledFirst } from '../resource/called.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import { type Admitted, admitted } from './azure-admitted.ts';
import { exposeClients, WHO } from './azure-clients.ts';
import type { AzureEstate } from './azure-estate.ts';
import { frontDoorWays } from './azure-front-doors.ts';
import type { PublicAddress } from './azure-frontend.ts';
import { type AzurePlace, intoPlace } from './azure-network.ts';
import { audienceOfSenders, FRONT_DOOR, networksText } from './azure-senders.ts';
import { pastPolicy } from './azure-waf-policy.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';
import { type Passage, throughBoth } from './passage.ts';
import { type AudiencePorts, audiencePorts, everyPort, portsText, type Surface } from './surface.ts';
import { closedWay, openPorts, unsureWay, type Way } from './way-in.ts';

/** One address of the internet and the place behind it. */
export interface AzureDoor {
  readonly resource: EstateResource;
  /** How sentences call what is behind: `its interface web-nic`. */
  readonly what: string;
  readonly place: AzurePlace;
  readonly address: PublicAddress;
  /** Ports of the place to which the door leads; null: all of them. */
  readonly ports: readonly Omit<Surface, 'sources'>[] | null;
  readonly via: readonly string[];
  readonly auth?: Authentication;
  /** Sources as the place sees them, where the door sends in its own name; they stand for whom the door lets in. */
  readonly forwards?: AddressSet;
  /** Ids of the firewall policies of which requests pass one; undefined among them: some pass none. */
  readonly policies?: readonly (string | undefined)[];
  /** The firewall policy that what forwards them has already passed. */
  readonly filteredBy?: string | undefined;
}

/** The ways in through one door: an address, then the security groups of subnet and interface, then a way back. */
export function exposeDoor(estate: AzureEstate, door: AzureDoor): readonly ExposureRecord[] {
  const { resource, what, address, ports, forwards } = door;
  const senders = forwards ?? address.senders;
  const { clients, filteredBy } = pastAny(estate, door, senders);
  const start: Passage = {
    certain: withPorts(everyPort(clients.certain), ports),
    possible: withPorts(everyPort(clients.possible), ports),
    missing: clients.missing,
    rests: [],
  };
  const passage = throughBoth(start, intoPlace(estate, door.place));
  const certain = portsFor(estate, passage.certain, forwards);
  const possible = portsFor(estate, passage.possible, forwards);
  const rests = [...new Set(passage.rests)].map((rest) => evidence(`${calledFirst(rest)} lets it in.`, rest));
  const way: Way = {
    auth: door.auth ?? 'app',
    via: [...door.via, ...passage.rests.map((rest) => rest.name)],
    gates: passage.rests.map((rest) => rest.key),
  };
  const named = address.address === undefined ? '' : ` (${address.address})`;
  const open = certain.filter(({ audience }) => audience !== 'none' && audience !== 'corp');
  const records: ExposureRecord[] = [];
  if (open.length > 0) {
    const fact = evidence(
      `${capital(what)}${named} lets ${peopleOf(open)} in on ${portList(open)}.`,
      resource,
    );
    records.push(...openPorts(open, { ...way, evidence: [fact, ...rests] }));
  }
  if (!records.some((record) => isPublic(record.audience)))
    records.push(...exposeThroughFrontDoors(estate, door, way));
  const told = records.map((each) => (filteredBy === undefined ? each : { ...each, filteredBy }));
  if (records.some((record) => isPublic(record.audience))) return told;
  if (possible.some(({ audience }) => isPublic(audience)))
    return [...told, unsureWay(passage.missing, { ...way, via: door.via })];
  if (records.length > 0) return told;
  return [
    closedWay({
      ...way,
      evidence: [
        evidence(`${capital(what)}${named} lets nobody on the internet in: ${closedBy(passage)}.`, resource),
      ],
    }),
  ];
}

/** Whom the firewall policies let through of which requests pass one. */
function pastAny(
  estate: AzureEstate,
  { policies = [undefined], filteredBy }: AzureDoor,
  senders: AddressSet,
  frontDoorId?: string,
): { readonly clients: Admitted; readonly filteredBy: string | undefined } {
  const ways = policies.map((policy) =>
    policy === undefined ? null : pastPolicy(estate, policy, senders, frontDoorId),
  );
  if (ways.length === 0 || ways.includes(null)) return { clients: admitted(senders), filteredBy };
  const known = ways.filter((way) => way !== null);
  return {
    clients: {
      certain: unionAddresses(...known.map(({ certain }) => certain)),
      possible: unionAddresses(...known.map(({ possible }) => possible)),
      missing: known.flatMap(({ missing }) => missing),
    },
    filteredBy: filteredBy ?? (known.every(({ filters }) => filters) ? known[0]?.policy?.name : undefined),
  };
}

/** The ways through Front Doors that were described and that the place lets in. */
function exposeThroughFrontDoors(estate: AzureEstate, door: AzureDoor, way: Way): readonly ExposureRecord[] {
  if (door.forwards !== undefined) return [];
  return frontDoorWays(estate, door.address.names).flatMap((front) => {
    if (front.link !== undefined) return [];
    const { clients } = pastAny(estate, door, FRONT_DOOR, front.frontDoorId);
    const asked = withPorts(everyPort(clients.certain), door.ports);
    const start: Passage = { certain: asked, possible: asked, missing: [], rests: [] };
    if (
      !throughBoth(start, intoPlace(estate, door.place)).certain.some(({ sources }) => hasAddresses(sources))
    )
      return [];
    return exposeClients(estate, {
      clients: front.clients,
      filteredBy: front.filteredBy,
      way: { ...way, via: [front.door.name, ...(way.via ?? [])] },
      said: (whom) => [
        evidence(`${calledFirst(front.door)} forwards requests of ${whom} to ${door.what}.`, front.door),
        ...front.evidence,
      ],
    });
  });
}

function withPorts(
  surfaces: readonly Surface[],
  ports: readonly Omit<Surface, 'sources'>[] | null,
): readonly Surface[] {
  if (ports === null) return surfaces;
  return ports.flatMap((port) =>
    surfaces.flatMap((surface) =>
      surface.protocol === port.protocol ? [{ ...port, sources: surface.sources }] : [],
    ),
  );
}

/** Behind a door that sends in its own name, whoever it lets in gets through where it does. */
function portsFor(
  { corporate }: AzureEstate,
  surfaces: readonly Surface[],
  forwards: AddressSet | undefined,
): readonly AudiencePorts[] {
  return audiencePorts(surfaces, (sources) =>
    forwards === undefined
      ? audienceOfSenders(sources, corporate)
      : hasAddresses(sources)
        ? 'internet'
        : 'none',
  );
}

function closedBy({ rests }: Passage): string {
  const names = [...new Set(rests.map(called))];
  return names.length === 0
    ? 'its address is of the Standard SKU and no security group allows anything'
    : `${names.join(' and ')} ${names.length === 1 ? 'does' : 'do'} not allow it`;
}

function peopleOf(ports: readonly AudiencePorts[]): string {
  return [
    ...new Set(
      ports.map(({ audience, sources }) =>
        audience === 'cdn-only' ? networksText(sources) : (WHO[audience] ?? audience),
      ),
    ),
  ].join(' and ');
}

const PORTS_SHOWN = 5;

function portList(ports: readonly AudiencePorts[]): string {
  return ports.slice(0, PORTS_SHOWN).map(portsText).join(', ');
}
