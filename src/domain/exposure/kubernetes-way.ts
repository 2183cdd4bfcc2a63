import {
  type AddressSet,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Audience, audienceOfSources, INTERNET, isPublic } from './audience.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';
import { EVERYWHERE } from './passage.ts';
import { noInventoryTells } from './untold.ts';
import { closedWay, dormantWay, openWay, unsureWay } from './way-in.ts';

/** Addresses of a private network: of pods, nodes, and what is joined to them. */
export const INSIDE: AddressSet = subtractAddresses(EVERYWHERE, INTERNET);

/** How far somebody got on the way from outside to an object of a cluster, and by what. */
export interface Reach {
  /** Senders that certainly got so far. */
  readonly certain: AddressSet;
  /** Senders that may have, depending on what is missing; the certain ones are among them. */
  readonly possible: AddressSet;
  readonly missing: readonly string[];
  readonly via: readonly string[];
  readonly gates: readonly string[];
  readonly evidence: readonly Evidence[];
  /** Closed only because it does not run yet. */
  readonly isDormant?: true;
  /** Of the internet these alone. */
  readonly among?: Audience;
}

/** One way in to an object of a cluster, before its verdict. */
export interface ClusterWay extends Reach {
  readonly surface: string;
  readonly auth: Authentication;
  /** Leads to what runs code in the cluster for whoever gets there. */
  readonly hands?: 'exec';
}

const UNTOUCHED = { missing: [], via: [], gates: [], evidence: [] } as const;

/** These senders get through, all of them and nobody else. */
export function reachOf(senders: AddressSet, sentence: string, resource: EstateResource): Reach {
  return { ...UNTOUCHED, certain: senders, possible: senders, evidence: [evidence(sentence, resource)] };
}

export function closedReach(sentence: string, resource: EstateResource): Reach {
  return reachOf(NO_ADDRESSES, sentence, resource);
}

/** Anybody may get through; nobody can tell without what is missing. */
export function unsureReach(missing: string, facts: readonly Evidence[] = []): Reach {
  return {
    ...UNTOUCHED,
    certain: NO_ADDRESSES,
    possible: EVERYWHERE,
    missing: [missing],
    evidence: facts,
  };
}

interface Step {
  readonly via?: string | undefined;
  readonly gate?: string | undefined;
  readonly fact?: Evidence | undefined;
}

/** One step further, which everybody takes who got so far. */
export function onward<R extends Reach>(reach: R, { via, gate, fact }: Step): R {
  return {
    ...reach,
    via: via === undefined ? reach.via : [...reach.via, via],
    gates: gate === undefined ? reach.gates : [...reach.gates, gate],
    evidence: fact === undefined ? reach.evidence : [...reach.evidence, fact],
  };
}

/** Only these get further. */
export function admitting<R extends Reach>(
  reach: R,
  senders: Pick<Reach, 'certain' | 'possible' | 'missing'>,
): R {
  const possible = intersectAddresses(reach.possible, senders.possible);
  return {
    ...reach,
    certain: intersectAddresses(reach.certain, senders.certain),
    possible,
    missing: hasAddresses(possible) ? [...reach.missing, ...senders.missing] : [],
  };
}

/** Several doors to one thing: who gets through any of them; the chain is that of the widest. */
export function throughAny(reaches: readonly Reach[]): Reach {
  const [widest] = reaches.toSorted((a, b) => width(b) - width(a));
  if (widest === undefined) return { ...UNTOUCHED, certain: NO_ADDRESSES, possible: NO_ADDRESSES };
  const { isDormant: _, among: __, ...rest } = widest;
  const wide = reaches.filter((reach) => isPublic(audienceOfSources(reach.possible)));
  const [among] = new Set(wide.map((reach) => reach.among));
  const isAmong = among !== undefined && wide.every((reach) => reach.among === among);
  return {
    ...rest,
    ...(isAmong ? { among } : {}),
    certain: unionAddresses(...reaches.map((reach) => reach.certain)),
    possible: unionAddresses(...reaches.map((reach) => reach.possible)),
    missing: [...new Set(reaches.flatMap((reach) => reach.missing))],
    ...(reaches.every((reach) => reach.isDormant) ? { isDormant: true as const } : {}),
  };
}

function width(reach: Reach): number {
  if (isPublic(audienceOfSources(reach.certain))) return 3;
  if (isPublic(audienceOfSources(reach.possible))) return 2;
  return hasAddresses(reach.certain) ? 1 : 0;
}

/** A front's own list of admitted ranges; empty admits everybody. A range that cannot be read may be anything. */
export function withinRanges<R extends Reach>(
  reach: R,
  ranges: readonly string[],
  name: string,
  resource: EstateResource,
): R {
  if (ranges.length === 0 || !hasAddresses(reach.possible)) return reach;
  const sets = ranges.map((range) => parseAddresses(range.trim()));
  const unread = ranges.find((_, index) => sets[index] === null);
  const certain = unionAddresses(...sets.filter((set) => set !== null));
  const listed = `${ranges
    .slice(0, 5)
    .map((range) => range.trim().slice(0, 60))
    .join(', ')}${ranges.length > 5 ? ' and others' : ''}`;
  const admitted = admitting(reach, {
    certain,
    possible: unread === undefined ? certain : EVERYWHERE,
    missing:
      unread === undefined
        ? []
        : [noInventoryTells(`which addresses "${unread.slice(0, 60)}" at ${name} means`)],
  });
  return onward(admitted, {
    gate: `${name}: admitted addresses`,
    fact: evidence(`${name} admits ${listed}.`, resource),
  });
}

/**
 * The way in with its verdict: public for certain, public perhaps, else whoever is certain to get through.
 * `audienceOf` knows the organisation's own addresses.
 */
export function recordOf(way: ClusterWay, audienceOf: (senders: AddressSet) => Audience): ExposureRecord {
  if (way.isDormant) return dormantWay(way);
  const audience = audienceOf(way.certain);
  const hands = way.hands === undefined ? {} : { hands: way.hands };
  if (isPublic(audience)) return { ...openWay(way.among ?? audience, way), ...hands };
  if (isPublic(audienceOf(way.possible))) return { ...unsureWay(way.missing, way), ...hands };
  return audience === 'none' ? closedWay(way) : openWay(audience, way);
}

const RECORDS_MAX = 64;
const WIDEST_FIRST = { yes: 0, unknown: 1, no: 2 } as const;

/** Ways in without those that are told twice; of very many the open ones, so that the roll-up stays the same. */
export function distinctRecords(records: readonly ExposureRecord[]): readonly ExposureRecord[] {
  const distinct = new Map(
    records.map((record) => [
      JSON.stringify([
        record.surface,
        record.audience,
        record.auth,
        record.verdict,
        record.via,
        record.missing,
      ]),
      record,
    ]),
  );
  const rank = ({ verdict, audience }: ExposureRecord): number =>
    verdict === 'yes' && !isPublic(audience) ? WIDEST_FIRST.no : WIDEST_FIRST[verdict];
  return [...distinct.values()].toSorted((a, b) => rank(a) - rank(b)).slice(0, RECORDS_MAX);
}
