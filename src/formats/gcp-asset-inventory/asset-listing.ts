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
