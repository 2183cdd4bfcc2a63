import type { Observation } from '#domain/finding/observation.ts';

/**
 * An export holds all assets of every type that it shows anywhere, in each of the projects that it shows. It is
 * written as lines; a list or a search may have been filtered, and does not tell.
 */
export function assetListing(project: string, type: string, isExport: boolean): Observation {
  return {
    kind: 'coverage',
    cover: `${project}//${type}`,
    listing: { provider: 'gcp', account: project, region: '', type, complete: isExport ? 'yes' : 'partial' },
  };
}

/**
 * `memberships list` tells everybody who is in the group that its file is called after: who is missing left it. The
 * list is kept beside its entries, so that one that is empty was looked at as well.
 */
export function memberListing(group: string): readonly Observation[] {
  const type = 'gcp-membership';
  const id = `group:${group}/members`;
  const name = `members of ${group}`;
  return [
    {
      kind: 'coverage',
      cover: `${group}//${type}`,
      listing: { provider: 'gcp', account: '', region: group, type, complete: 'yes' },
    },
    {
      kind: 'resource',
      resource: { kind: 'cloud', provider: 'gcp', id, type, name },
      type,
      name,
      region: group,
      facts: { id, group: `group:${group}` },
    },
  ];
}
