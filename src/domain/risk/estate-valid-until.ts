import { smallest } from '#base/extremes.ts';
import type { Instant } from '#base/instant.ts';
import { urlRuleTurnsAt } from '../exposure/aws-function-exposure.ts';
import { nextConditionTime } from '../exposure/gcp-condition.ts';
import { nextPolicyDate, nextTagDate } from '../privilege/aws/policy-dates.ts';
import { FUNCTION } from '../resource/facts/aws-facts.ts';
import { readFacts } from '../resource/facts/fact-shape.ts';
import type { EstateResource } from './estate.ts';

/**
 * When the clock alone may change what a resource makes of the estate that it is in: in Google Cloud the times of conditions
 * (§2.10), in AWS dates in its policies and in
 * the tags of its principals (attack-paths §3.1), and rules of AWS that begin some day (§2.6). Null where nothing does after `now`.
 */
export function estateValidUntil(
  estate: string,
  { type, facts, tags }: EstateResource,
  now: Instant,
): Instant | null {
  if (estate.startsWith('gcp:')) return nextConditionTime(facts, now);
  if (!estate.startsWith('aws:')) return null;
  const isPart = type === 'resource-part';
  const isFunction = (isPart ? facts['OfType'] : type) === 'lambda-function';
  return smallest([
    nextPolicyDate(facts, now),
    type === 'iam-user' || type === 'iam-role' ? nextTagDate(tags, now) : null,
    isFunction ? urlRuleTurnsAt(readFacts(FUNCTION, isPart ? facts['Facts'] : facts), now) : null,
  ]);
}
