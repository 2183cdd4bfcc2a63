import { smallest } from '#base/extremes.ts';
import type { Instant } from '#base/instant.ts';
import { evaluateQuery, type QueryFacts } from '../query/evaluate-query.ts';
import { nextFlip } from './flips.ts';
import type { RulesInForce } from './rules-in-force.ts';

/**
 * What the conditions of rules answer about one finding in those parts that findings which are alike on resources which
 * are alike do not share: where this is the same too, no rule tells them apart. Who owns it is left out, as that
 * follows from where it is deployed.
 */
export function fineSignature({ fineConditions }: RulesInForce, facts: QueryFacts, now: Instant): string {
  return fineConditions
    .map((each) =>
      each.is === 'term' && each.field === 'team' ? '' : evaluateQuery(each, facts, now).charAt(0),
    )
    .join('');
}

/** The next instant at which a condition on when a finding was first seen may change its answer; null: none does. */
export function nextFlipOf(
  { fineConditions }: RulesInForce,
  firstSeen: Instant,
  now: Instant,
): Instant | null {
  return smallest(
    fineConditions.map((each) =>
      each.is === 'term' && each.field === 'first_seen' ? nextFlip(each, firstSeen, now) : null,
    ),
  );
}
