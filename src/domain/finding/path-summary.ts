import type { Instant } from '#base/instant.ts';
import type { OwnerCandidate } from '../resource/owner.ts';
import type { ResourceIdentity } from '../resource/resource-key.ts';
import type { DetectedRisk, RiskState } from '../risk/detected-risk.ts';

/** What an attack path says of itself as a finding: it is no matter of one resource (attack-paths §4.7). */
export interface PathSummary {
  /** Why it is as bad as it is: a sentence. */
  readonly why: string;
  readonly states: Readonly<Record<DetectedRisk, RiskState>>;
  /** What an attacker controls or reads on it. */
  readonly resources: readonly ResourceIdentity[];
  readonly services: readonly string[];
  /** Of what outsiders get to first. */
  readonly owners: readonly OwnerCandidate[];
  /** When the passing of time alone may change it; null when it may not. */
  readonly validUntil: Instant | null;
}
