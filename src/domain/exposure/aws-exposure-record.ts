import type { Evidence, RiskState } from '../risk/detected-risk.ts';
import type { Audience } from './audience.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';

/** One way in: what can be reached, by whom, and who checks them. */
export interface ExposedSurface {
  /** `tcp/443`, `udp/1-65535`, `read`, `sqs:SendMessage`. */
  readonly surface: string;
  readonly audience: Audience;
  readonly auth: Authentication;
}

/** Whether a resource is publicly accessible, through what, and why. */
export interface AwsExposure {
  readonly state: RiskState;
  readonly surfaces: readonly ExposedSurface[];
  readonly evidence: readonly Evidence[];
  /** Inputs that would decide, where the state is unknown. */
  readonly missing: readonly string[];
}

export function notExposed(...reasons: readonly Evidence[]): AwsExposure {
  return { state: 'no', surfaces: [], evidence: reasons, missing: [] };
}

export function exposureUnknown(missing: readonly string[], reasons: readonly Evidence[] = []): AwsExposure {
  return { state: 'unknown', surfaces: [], evidence: reasons, missing: [...new Set(missing)] };
}

/**
 * One verdict for a resource that can be reached in several ways: one certain way is enough for yes,
 * and no needs all of them to be no.
 */
export function combineExposures(ways: readonly AwsExposure[]): AwsExposure {
  const open = ways.filter((way) => way.state === 'yes');
  if (open.length > 0)
    return {
      state: 'yes',
      surfaces: open.flatMap((way) => way.surfaces),
      evidence: open.flatMap((way) => way.evidence),
      missing: [],
    };
  const unsure = ways.filter((way) => way.state === 'unknown');
  if (unsure.length > 0)
    return exposureUnknown(
      unsure.flatMap((way) => way.missing),
      unsure.flatMap((way) => way.evidence),
    );
  return notExposed(...ways.flatMap((way) => way.evidence));
}

/** The same as records of single ways in. */
export function recordsOf({ state, surfaces, evidence, missing }: AwsExposure): readonly ExposureRecord[] {
  const common = {
    verdict: state,
    via: [],
    gates: [],
    evidence,
    missing: state === 'unknown' ? missing : [],
  };
  if (surfaces.length === 0) return [{ ...common, surface: 'any', audience: 'internet', auth: 'app' }];
  return surfaces.map((surface) => ({ ...common, ...surface }));
}
