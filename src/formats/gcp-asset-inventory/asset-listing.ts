import type { Observation } from '#domain/finding/observation.ts';

/**
 * An export holds all assets of every type that it shows anywhere, in each of the projects that it shows. It is
 * written as lines; a list or a search may have been filtered, and does not tell.
 */
export function assetListing(project: string, type: string, isExport: boolean): readonly Observation[] {
  const name = `list of ${type}`;
  return [
    {
      kind: 'coverage',
      cover: `${project}//${type}`,
      listing: {
        provider: 'gcp',
        account: project,
        region: '',
        type,
        complete: isExport ? 'yes' : 'partial',
      },
    },
    {
      kind: 'resource',
      resource: {
        kind: 'cloud',
        provider: 'gcp',
        id: `inventory-listing/${project}/${type}`,
        type: 'inventory-listing',
        name,
        account: project,
      },
      type: 'inventory-listing',
      name,
      account: project,
      facts: { Of: type },
    },
  ];
}
