import type { Observation } from '#domain/finding/observation.ts';

/** A complete list holds all resources of the types that it shows, in each of the subscriptions that it shows. */
export function listingOf(subscription: string, type: string): Observation {
  return {
    kind: 'coverage',
    cover: `${subscription}//${type}`,
    // A query, or `--resource-group`, may have left something out, and no answer tells its question.
    listing: { provider: 'azure', account: subscription, region: '', type, complete: 'partial' },
  };
}
