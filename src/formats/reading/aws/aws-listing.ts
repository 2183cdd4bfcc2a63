import type { CoverageObservation, InventoryListing, Observation } from '#domain/finding/observation.ts';
import { type AwsKindName, isGlobal } from './aws-kinds.ts';
import type { AwsPlace } from './describe-aws-resource.ts';

/** Some of the resources of a type at a place: one page of several, or what a filter left. */
export function awsPage(type: AwsKindName, at: AwsPlace): readonly CoverageObservation[] {
  return [{ kind: 'coverage', listing: listingOf(type, at, 'partial') }];
}

function listingOf(
  type: AwsKindName,
  { account, region }: AwsPlace,
  complete: InventoryListing['complete'],
): InventoryListing {
  return { provider: 'aws', account, region: isGlobal(type) ? '' : region, type, complete };
}

/** All resources of a type at a place that belong to one parent, which they name in a fact (`InventoryListing`). */
export function awsListingWithin(
  type: AwsKindName,
  at: AwsPlace,
  within: NonNullable<InventoryListing['within']>,
): readonly CoverageObservation[] {
  return [{ kind: 'coverage', listing: { ...listingOf(type, at, 'yes'), within } }];
}

/** The unit of coverage of an inventory: account, region and type, empty where not known or not applicable. */
function awsCover({ account, region, type }: InventoryListing): string {
  return `${account ?? ''}/${region ?? ''}/${type}`;
}

/**
 * An inventory listed everything of a type at a place. The coverage says so for closing; the `inventory-listing`
 * says so for evaluation, where an absence that nobody looked for proves nothing.
 */
export function awsListing(type: AwsKindName, at: AwsPlace): readonly Observation[] {
  const { account, region } = isGlobal(type) ? { account: at.account, region: undefined } : at;
  const id = `inventory-listing/${type}`;
  const listing = listingOf(type, at, 'yes');
  return [
    { kind: 'coverage', cover: awsCover(listing), listing },
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
