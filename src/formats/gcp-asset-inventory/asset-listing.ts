import type { Observation } from '#domain/finding/observation.ts';

/** An export holds all assets of every type that it shows anywhere, in each of the projects that it shows. */
export function assetListing(project: string, type: string): readonly Observation[] {
  const name = `list of ${type}`;
  return [
    { kind: 'coverage', cover: `${project}//${type}` },
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
