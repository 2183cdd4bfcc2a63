import { smallest } from '#base/extremes.ts';
import type { Instant } from '#base/instant.ts';
import { urlRuleTurnsAt } from '../exposure/aws-function-exposure.ts';
import { nextPolicyDate } from '../privilege/aws/policy-dates.ts';
import { FUNCTION } from '../resource/facts/aws-facts.ts';
import { readFacts } from '../resource/facts/fact-shape.ts';
import type { EstateResource } from './estate.ts';

/**
 * When the clock alone may change what a resource makes of the account of AWS that it is in: dates in its policies
 * (attack-paths §3.1), and rules of AWS that begin some day (§2.6). Null where nothing does after `now`.
 */
export function estateValidUntil({ type, facts }: EstateResource, now: Instant): Instant | null {
  const isPart = type === 'resource-part';
  const isFunction = (isPart ? facts['OfType'] : type) === 'lambda-function';
  return smallest([
    nextPolicyDate(facts, now),
    isFunction ? urlRuleTurnsAt(readFacts(FUNCTION, isPart ? facts['Facts'] : facts), now) : null,
  ]);
}
