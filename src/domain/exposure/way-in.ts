import { coversAddresses } from '#base/address-set.ts';
import { addressTexts } from '#base/address-texts.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import type { Audience } from './audience.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';
import { type AudiencePorts, portsText } from './surface.ts';

/** What a way in is made of beside its verdict; what is left out is the usual: nobody asks who it is, and nothing is between. */
export interface Way {
  readonly surface?: string | undefined;
  readonly auth?: Authentication | undefined;
  readonly via?: readonly string[] | undefined;
  readonly gates?: readonly string[] | undefined;
  readonly evidence?: readonly Evidence[] | undefined;
}

const ANY = 'any';

function record(way: Way, rest: Pick<ExposureRecord, 'audience' | 'verdict' | 'missing'>): ExposureRecord {
  return {
    surface: way.surface ?? ANY,
    auth: way.auth ?? 'app',
    via: way.via ?? [],
    gates: way.gates ?? [],
    evidence: way.evidence ?? [],
    ...rest,
  };
}

/** This audience reaches it. */
export function openWay(audience: Audience, way: Way): ExposureRecord {
  return record(way, { audience, verdict: 'yes', missing: [] });
}

/** The internet does not reach it this way. */
export function closedWay(way: Way): ExposureRecord {
  return record(way, { audience: 'internet', verdict: 'no', missing: [] });
}

/** Stopped, or without instances: closed until it starts. */
export function dormantWay(way: Way): ExposureRecord {
  return { ...closedWay(way), isDormant: true };
}

/** Nobody can tell; `missing` names the inputs that would settle it. */
export function unsureWay(missing: readonly string[], way: Way = {}): ExposureRecord {
  return record(way, { audience: 'internet', verdict: 'unknown', missing: [...new Set(missing)] });
}

/** One record for each audience that reaches ports, with all of its ports. */
export function openPorts(ports: readonly AudiencePorts[], way: Way): readonly ExposureRecord[] {
  return [...Map.groupBy(ports, ({ audience }) => audience)].map(([audience, own]) => ({
    ...openWay(audience, { ...way, surface: own.map(portsText).join(', ') }),
    ...sendersOf(own),
  }));
}

const SENDERS_TOLD = 32;

/** The addresses of an audience that is named by them, where they are the same on all of its ports. */
export function sendersOf(ports: readonly AudiencePorts[]): Pick<ExposureRecord, 'senders'> {
  const [first, ...others] = ports;
  if (first === undefined || !NAMED.has(first.audience)) return {};
  const isSame = ({ sources }: AudiencePorts): boolean =>
    coversAddresses(sources, first.sources) && coversAddresses(first.sources, sources);
  const senders = others.every(isSame) ? addressTexts(first.sources, SENDERS_TOLD) : null;
  return senders === null ? {} : { senders };
}

const NAMED: ReadonlySet<Audience> = new Set(['internet-wide', 'partner', 'corp']);
