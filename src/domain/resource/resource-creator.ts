import { dateText, type Instant } from '#base/instant.ts';
import type { DeclaredOwner } from './owner.ts';

/** Whoever makes a resource is a hint at most (attack-paths §7.3). */
const CONFIDENCE = 0.4;

/** Who created a resource by a call of its cloud, as an owner that it may have. */
export function creatorCandidate(name: string, call: string, at: Instant): DeclaredOwner {
  return {
    name,
    confidence: CONFIDENCE,
    reason: `created it on ${dateText(at)} (${call})`,
    source: 'creator',
  };
}
