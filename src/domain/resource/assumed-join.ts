import { oneLine } from '#base/text.ts';

/** A join by a name that is less sure than this is assumed: by an address, by the tag of an image (attack-paths §1.1). */
const ASSUMED_BELOW = 0.8;

export function isAssumed(confidence: number): boolean {
  return confidence < ASSUMED_BELOW;
}

const NAME_MAX = 300;

/** What is said of a workload that is taken to run an image because both name the same tag, and nothing exact of the same kind is known of both. */
export function joinedByTag(reference: string): string {
  return `Assumed join: image tag ${oneLine(reference, NAME_MAX)}, no digest.`;
}

/** How a sentence goes on that rests on a name which is less sure: an address, a name that another may have too. */
export function assumedBy(name: string): string {
  return `, assumed join by ${oneLine(name, NAME_MAX)}`;
}
