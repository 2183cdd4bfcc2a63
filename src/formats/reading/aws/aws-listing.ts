import type { Observation } from '#domain/finding/observation.ts';
import { type AwsKindName, isGlobal } from './aws-kinds.ts';
import type { AwsPlace } from './describe-aws-resource.ts';

/** The unit of coverage of an inventory: account, region and type, empty where not known or not applicable. */
function awsCover(place: AwsPlace, type: string): string {
  return `${place.account ?? ''}/${place.region ?? ''}/${type}`;
}

/**
 * An inventory listed everything of a type at a place. The coverage says so for closing; the
 * `inventory-listing` says so for evaluation, where an absence that nobody looked for proves nothing.
 */
export function awsListing(type: AwsKindName, at: AwsPlace): readonly Observation[] {
  const place = isGlobal(type) ? { account: at.account, region: undefined } : at;
  const { account, region } = place;
  const id = `inventory-listing/${type}`;
  return [
    { kind: 'coverage', cover: awsCover(place, type) },
    {
      kind: 'resource',
      resource: {
        kind: 'cloud',
        provider: 'aws',
        id,
        type: 'inventory-listing',
        name: `list of ${type}`,
        ...(account === undefined ? {} : { account }),
        ...(region === undefined ? {} : { region }),
      },
      type: 'inventory-listing',
      name: `list of ${type}`,
      account,
      region,
      facts: { Of: type },
    },
  ];
}
