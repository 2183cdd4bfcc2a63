import type { ResourceObservation } from '#domain/finding/observation.ts';

/** Marks a description as what another tool knew: it gives way to what an inventory of the cloud says. */
export function secondHand(observation: ResourceObservation): ResourceObservation {
  const facts =
    observation.type === 'resource-part' ? { ...observation.facts, SecondHand: true } : observation.facts;
  return { ...observation, facts, isSecondHand: true };
}
