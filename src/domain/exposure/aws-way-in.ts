import { calledFirst } from '../resource/called.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import { type ExposureRecord, publicAccessibility } from './exposure-record.ts';

type Chain = Partial<Pick<ExposureRecord, 'surface' | 'audience' | 'auth' | 'via' | 'gates'>>;

const NONE: readonly never[] = [];

/** A way in that is there. */
export function openWay(
  way: Pick<ExposureRecord, 'surface' | 'audience' | 'auth'> & Chain,
  ...reasons: readonly Evidence[]
): ExposureRecord {
  const { surface, audience, auth, via = NONE, gates = NONE } = way;
  return { surface, audience, auth, via, gates, verdict: 'yes', evidence: reasons, missing: NONE };
}

/** No way in for strangers; `gates` name what closes it. */
export function closedWay(reasons: readonly Evidence[], chain: Chain = {}): ExposureRecord {
  const { surface = 'any', audience = 'internet', auth = 'app', via = NONE, gates = NONE } = chain;
  return { surface, audience, auth, via, gates, verdict: 'no', evidence: reasons, missing: NONE };
}

/** A way in that may be there: `missing` would settle it. */
export function unsettledWay(
  missing: readonly string[],
  reasons: readonly Evidence[] = [],
  chain: Chain = {},
): ExposureRecord {
  return { ...closedWay(reasons, chain), verdict: 'unknown', missing: [...new Set(missing)] };
}

/** The ways in of something that does not run now: none is open, and those that would be are marked. */
export function dormant(records: readonly ExposureRecord[], reason: Evidence): readonly ExposureRecord[] {
  return records.map((record) =>
    record.verdict === 'no'
      ? record
      : { ...record, verdict: 'no', evidence: [reason, ...record.evidence], missing: [], isDormant: true },
  );
}

/** Records of something that stands behind another: through the same ways, with more in between. */
export function throughWay(
  record: ExposureRecord,
  change: Chain & { readonly evidence: readonly Evidence[] },
): ExposureRecord {
  return {
    ...record,
    ...change,
    via: [...record.via, ...(change.via ?? [])],
    gates: [...record.gates, ...(change.gates ?? [])],
    evidence: [...change.evidence, ...record.evidence],
  };
}

/** The roll-up of a front that other things stand behind. */
export function stateOfWays(records: readonly ExposureRecord[]): 'yes' | 'no' | 'unknown' {
  return publicAccessibility(records).state;
}

/** The ways that strangers certainly have. */
export function publicWays(records: readonly ExposureRecord[]): readonly ExposureRecord[] {
  return records.filter((record) => record.verdict === 'yes' && isPublic(record.audience));
}

/** A type of resource that nobody reaches over a network, and why. */
export function ownCredentialsOnly(resource: EstateResource): readonly ExposureRecord[] {
  return [
    closedWay([evidence(`${calledFirst(resource)} is reached with its own credentials only.`, resource)]),
  ];
}
