import { type Instant, instantText } from '#base/instant.ts';
import type { AdvisoryRatingView } from '../advisory-rating.ts';

/** A rating of an advisory as the wire has it. */
export function presentRating(
  rating: Omit<AdvisoryRatingView, 'at'> & { readonly at: Instant },
): AdvisoryRatingView {
  const { advisory, vector, severity, reason, by, at } = rating;
  return { advisory, vector, severity, reason, by, at: instantText(at) };
}
