import type { IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import { firstOsvId, readOsv } from '../reading/read-osv.ts';

/** GitHub's database of advisories, in the form of OSV. */
export const ghsa: IntelligenceFeed = {
  id: 'ghsa',
  title: 'GitHub advisories',
  defaultUrl: 'https://github.com/github/advisory-database/archive/refs/heads/main.zip',
  isLarge: true,
  licence: 'CC-BY-4.0; ids, versions and texts are kept with their origin',
  claims: (head) => firstOsvId(head)?.startsWith('GHSA-') === true,
  read: readOsv,
};
