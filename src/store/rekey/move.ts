import type { Instant } from '#base/instant.ts';
import type { FindingIdentity } from '#domain/finding/identify-finding.ts';
import type { DecisionWord } from '#domain/inbox/unite-decisions.ts';

/** What was decided about two findings before they became one; null for one that did not exist. */
export interface United {
  readonly own: readonly DecisionWord[] | null;
  readonly finding: readonly DecisionWord[] | null;
}

/** Sightings that belonged to one finding and now belong to another. */
export interface Move {
  readonly from: string;
  readonly to: FindingIdentity;
  /** Fingerprint of the sightings. */
  readonly own: string;
  /** A machine's findings become those of the scaling group that replaces it. */
  readonly isMember: boolean;
  /** Since when an alias gave them to `from`, and what was decided before; null where `from` has their own fingerprint. */
  readonly parting: { readonly since: Instant; readonly united: United | null } | null;
}
