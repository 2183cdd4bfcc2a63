import type { Subject } from './observation.ts';

const CVE = /^CVE-\d{4}-\d{4,19}$/;
const GHSA = /^GHSA(?:-[23456789CFGHJMPQRVWX]{4}){3}$/;

/**
 * The name of an advisory (design: identity, names): the CVE if the record or an exact alias names one,
 * else GHSA, else the first id. An alias list with several CVEs does not say which one is meant, so the
 * record's own id stays: two CVE ids are never one.
 */
export function advisoryName(subject: Extract<Subject, { is: 'advisory' }>): string {
  const own = spelledAdvisory(subject.id);
  if (CVE.test(own)) return own;
  const aliases = (subject.aliases ?? []).map(spelledAdvisory);
  const cves = new Set(aliases.filter((alias) => CVE.test(alias)));
  if (cves.size === 1) return [...cves][0] as string;
  if (GHSA.test(own)) return own;
  const ghsas = new Set(aliases.filter((alias) => GHSA.test(alias)));
  return ghsas.size === 1 ? ([...ghsas][0] as string) : own;
}

/** Ids of CVE and GHSA in upper case, others as they are. */
export function spelledAdvisory(id: string): string {
  const upper = id.trim().toUpperCase();
  return CVE.test(upper) || GHSA.test(upper) ? upper : id.trim();
}

export function isCve(advisory: string): boolean {
  return CVE.test(advisory);
}

export function isGhsa(advisory: string): boolean {
  return GHSA.test(advisory);
}
