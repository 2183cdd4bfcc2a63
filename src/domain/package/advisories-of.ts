import type { Subject } from '../finding/observation.ts';

type Advisory = Extract<Subject, { is: 'advisory' }>;

/** Ids of databases in which one record is one flaw; a tool's own may stand for several CVEs. */
const ONE_FLAW = /^(?:CVE|GHSA|GO|PYSEC|RUSTSEC|OSV|MAL|GSD|BIT)-/i;
const IDS_MAX = 50;

/** The advisories that a record's own id and its aliases name. */
export function advisoriesOf(ids: readonly (string | undefined)[]): readonly Advisory[] {
  const known = [...new Set(ids.filter((id) => id !== undefined && id.trim() !== ''))].slice(0, IDS_MAX);
  const [own, ...aliases] = known as string[];
  if (own === undefined) return [];
  const cves = aliases.filter((alias) => /^CVE-/i.test(alias));
  if (cves.length > 1 && !ONE_FLAW.test(own))
    return cves.map((cve) => ({ is: 'advisory', id: cve, bulletins: [own] }));
  return [{ is: 'advisory', id: own, ...(aliases.length > 0 && { aliases }) }];
}
