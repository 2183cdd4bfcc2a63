import type { IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import { firstOsvId, readOsv } from '../reading/read-osv.ts';

/** OSV's collection of advisories: which versions of which packages have a flaw. */
export const osv: IntelligenceFeed = {
  id: 'osv',
  title: 'OSV advisories',
  defaultUrl: 'https://osv-vulnerabilities.storage.googleapis.com/all.zip',
  isLarge: true,
  licence:
    'facts of databases with licences of their own (CC-BY-4.0, CC0-1.0, Apache-2.0, MIT); ids, versions and titles are kept',
  claims: (head) => {
    const id = firstOsvId(head);
    return id !== undefined && !id.startsWith('GHSA-');
  },
  read: readOsv,
};
