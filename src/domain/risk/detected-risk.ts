import type { Instant } from '#base/instant.ts';

/** The five detected risks, in the order in which they are shown everywhere (source page, detected risks). */
export const DETECTED_RISKS = [
  'publicly_accessible',
  'privileged_access',
  'under_attack',
  'exploit_available',
  'in_production',
] as const;

export type DetectedRisk = (typeof DETECTED_RISKS)[number];

export type RiskState = 'yes' | 'no' | 'unknown';

/** One fact that a verdict rests on: a sentence for people, where the fact came from, and as of when. */
export interface Evidence {
  readonly sentence: string;
  /** The source or feed that said it: `kubernetes`, `aws-config`, `CISA KEV`. */
  readonly provenance: string;
  readonly at: Instant | null;
  /** Where to read it; an address from outside, to be shown as text. */
  readonly link?: string | undefined;
}

/**
 * Whether a risk is there, and why. Unknown is not no: `missing` then names the input that would decide,
 * as a person would supply it ("security groups of account 1234").
 */
export interface RiskVerdict {
  readonly state: RiskState;
  readonly evidence: readonly Evidence[];
  readonly missing: readonly string[];
}

export function unknownRisk(...missing: readonly string[]): RiskVerdict {
  return { state: 'unknown', evidence: [], missing };
}
