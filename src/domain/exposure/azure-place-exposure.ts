import { type AddressSet, hasAddresses } from '#base/address-set.ts';
import { capital } from '#base/text.ts';
import { called, calledFirst } from '../resource/called.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import type { AzureEstate } from './azure-estate.ts';
import { frontDoorOf, type PublicAddress } from './azure-frontend.ts';
import { type AzurePlace, intoPlace } from './azure-network.ts';
import { admitsFrontDoor, audienceOfSenders, networksText } from './azure-senders.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';
import { type Passage, throughBoth } from './passage.ts';
import { type AudiencePorts, audiencePorts, everyPort, portsText, type Surface } from './surface.ts';
import { closedWay, openPorts, openWay, unsureWay, type Way } from './way-in.ts';

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
}

/** The ways in through one door: an address, then the security groups of subnet and interface, then a way back. */
export function exposeDoor(estate: AzureEstate, door: AzureDoor): readonly ExposureRecord[] {
  const { resource, what, address, ports, forwards } = door;
  const asked = withPorts(everyPort(forwards ?? address.senders), ports);
  const start: Passage = { certain: asked, possible: asked, missing: [], rests: [] };
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
  const frontDoor = open.some(({ audience, sources }) => audience === 'cdn-only' && admitsFrontDoor(sources))
    ? frontDoorOf(estate, address.names)
    : undefined;
  if (frontDoor !== undefined) {
    const fact = evidence(`${calledFirst(frontDoor)} forwards requests of everybody to ${what}.`, frontDoor);
    records.push(
      openWay('internet', { ...way, via: [frontDoor.name, ...(way.via ?? [])], evidence: [fact] }),
    );
  }
  if (records.some((record) => isPublic(record.audience))) return records;
  if (possible.some(({ audience }) => isPublic(audience)))
    return [...records, unsureWay(passage.missing, { ...way, via: door.via })];
  if (records.length > 0) return records;
  return [
    closedWay({
      ...way,
      evidence: [
        evidence(`${capital(what)}${named} lets nobody on the internet in: ${closedBy(passage)}.`, resource),
      ],
    }),
  ];
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

const AUDIENCE_WORDS: Readonly<Partial<Record<string, string>>> = {
  internet: 'the whole internet',
  'internet-wide': 'a large part of the internet',
  'any-azure': 'every customer of Azure',
  partner: 'some addresses of the internet',
};

function peopleOf(ports: readonly AudiencePorts[]): string {
  return [
    ...new Set(
      ports.map(({ audience, sources }) =>
        audience === 'cdn-only' ? networksText(sources) : (AUDIENCE_WORDS[audience] ?? audience),
      ),
    ),
  ].join(' and ');
}

const PORTS_SHOWN = 5;

function portList(ports: readonly AudiencePorts[]): string {
  return ports.slice(0, PORTS_SHOWN).map(portsText).join(', ');
}
