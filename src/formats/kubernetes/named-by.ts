import type { ResourceObservation } from '#domain/finding/observation.ts';

/**
 * Names under which requests arrive, as the other names of an object: of one object, as far as one inventory tells. The
 * address of a controller is shared by all of its ingresses and names none of them.
 */
export function namedBy(names: readonly string[]): NonNullable<ResourceObservation['aliases']> {
  return [...new Set(names)].map((text) => ({ text, confidence: 0.9 }));
}
