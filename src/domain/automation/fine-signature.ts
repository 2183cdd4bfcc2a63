import { smallest } from '#base/extremes.ts';
import type { Instant } from '#base/instant.ts';
import type { FindingType } from '../finding/finding-type.ts';
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

/**
 * The next instant at which a rule about findings of a type may change its answer because of when one was first seen;
 * null: none does.
 */
export function nextFlipOf(
  { timeConditions }: RulesInForce,
  type: FindingType,
  firstSeen: Instant,
  now: Instant,
): Instant | null {
  return smallest(
    timeConditions.map(({ types, term }) => (types.includes(type) ? nextFlip(term, firstSeen, now) : null)),
  );
}
