import { DAY_MS, type Instant } from '#base/instant.ts';
import type { Observation } from '#domain/finding/observation.ts';

/**
 * The observation without times that have not come yet: clocks differ by less than a day, so what is later is not
 * known (reliability §6.1). A record that says when it was seen was seen now at the latest; a signal is known again by its
 * own time, so whoever stores it bounds that.
 */
export function boundTimes(observation: Observation, now: Instant): Observation {
  const latest = now + DAY_MS;
  switch (observation.kind) {
    case 'finding':
      return (observation.publishedAt ?? 0) > latest
        ? { ...observation, publishedAt: undefined }
        : observation;
    case 'resource':
      return (observation.capturedAt ?? 0) > latest ? { ...observation, capturedAt: undefined } : observation;
    case 'gone':
      return (observation.at ?? 0) > latest ? { ...observation, at: undefined } : observation;
    case 'creator':
      return observation.at > latest ? { ...observation, at: now } : observation;
    default:
      return observation;
  }
}
