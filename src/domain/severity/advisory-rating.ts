import type { Instant } from '#base/instant.ts';
import type { Severity } from './severity.ts';

/**
 * How somebody of the organisation rates an advisory (design: severity, a person's choice comes first): by the vector
 * that counts in place of all published ones and is adjusted as they are, by the severity that counts in the end,
 * whatever its surroundings, or by both.
 */
export interface AdvisoryRating {
  readonly vector: string | null;
  readonly severity: Severity | null;
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
}

/** The ratings of one organisation, by the name in use of their advisory. */
export type AdvisoryRatings = ReadonlyMap<string, AdvisoryRating>;
