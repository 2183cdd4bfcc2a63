import { DAY_MS } from '../../../src/base/instant.ts';

const ANYBODY = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const STOPS = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';
const OLD = 'AV:N/AC:L/Au:N/C:P/I:P/A:P';
const NEW = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';

/** What feeds and scanners say of one flaw. What is not given nobody says; EPSS is a share. */
export interface Told {
  /** The image in which it is. */
  readonly in: string;
  /** Of a library of npm; else of a package of Debian. */
  readonly isLibrary?: boolean;
  /** Published so long before the scan, in milliseconds; 200 days where it is not given. */
  readonly age?: number;
  readonly epss?: number;
  /** In KEV, with the day by which CISA wants it mended. */
  readonly kev?: { readonly dueInDays?: number; readonly ransomware?: boolean };
  /** How its exploit is known. */
  readonly exploit?: 'exploitdb' | 'metasploit' | 'nuclei' | 'scanner' | 'poc';
  /** NVD's vectors; none: NVD knows it and scores nothing. */
  readonly vectors?: readonly string[];
  /** GitHub's, in the scanner's report. */
  readonly ghsa?: string;
  /** The word of Debian's own tracker. */
  readonly debian?: 'LOW';
  readonly isRejected?: boolean;
  readonly isWithoutFix?: boolean;
  readonly vex?: 'not_affected' | 'fixed' | 'under_investigation';
}

const days = (count: number) => count * DAY_MS;

/** By the last four digits of a CVE of 2026. */
export const ADVISORIES: Readonly<Record<string, Told>> = {
  '0101': { in: 'web', epss: 0.5, kev: { dueInDays: 10, ransomware: true } },
  '0102': { in: 'web', kev: {} },
  '0103': { in: 'web', age: days(5) },
  '0104': { in: 'web', age: 0, epss: 0.002, exploit: 'exploitdb' },
  '0105': { in: 'web', age: days(29), epss: 0.002, exploit: 'exploitdb' },
  '0106': { in: 'web', age: days(30), epss: 0.002, exploit: 'exploitdb' },
  '0107': { in: 'web', age: days(31), epss: 0.002, exploit: 'exploitdb' },
  '0108': { in: 'web', age: days(30) + 1_000, epss: 0.002, exploit: 'exploitdb' },
  '0109': { in: 'web', epss: 0.02, exploit: 'scanner' },
  '0110': { in: 'web', epss: 0.02, exploit: 'metasploit' },
  '0111': { in: 'web', epss: 0.02, exploit: 'nuclei' },
  '0112': { in: 'web', epss: 0.1, vectors: [STOPS] },
  '0113': { in: 'web', epss: 0.01 },
  '0114': { in: 'web', epss: 0.0101 },
  '0115': { in: 'web', age: days(90), epss: 0.002 },
  '0116': { in: 'web', age: days(91), epss: 0.002 },
  '0118': { in: 'web', epss: 0.005, vectors: [OLD] },
  '0119': { in: 'web', epss: 0.0139, exploit: 'metasploit', vectors: [STOPS, NEW] },
  '0120': { in: 'web', epss: 0.02, debian: 'LOW' },
  '0121': { in: 'web', epss: 0.2, debian: 'LOW' },
  '0122': { in: 'web', vectors: [] },
  '0123': { in: 'web', epss: 0.02, exploit: 'poc', isRejected: true },
  '0124': { in: 'web', isLibrary: true, epss: 0.02, vectors: [STOPS], ghsa: ANYBODY },
  '0125': { in: 'web', isLibrary: true, epss: 0.02, exploit: 'poc', isWithoutFix: true },
  '0126': { in: 'web', isLibrary: true, epss: 0.02, vex: 'not_affected' },
  '0127': { in: 'web', isLibrary: true, epss: 0.02, vex: 'fixed' },
  '0128': { in: 'web', isLibrary: true, epss: 0.02, vex: 'under_investigation' },
  '0129': { in: 'web', epss: 0.02 },
  '0201': { in: 'api', isLibrary: true, epss: 0.02 },
  '0202': { in: 'api', isLibrary: true, epss: 0.02, vectors: [STOPS] },
  '0203': { in: 'api', age: days(5), epss: 0.02, exploit: 'exploitdb' },
  '0204': { in: 'api', epss: 0.02 },
  '0301': { in: 'jobs', isLibrary: true, epss: 0.02 },
  '0401': { in: 'front', isLibrary: true, epss: 0.02 },
  '0402': { in: 'back', isLibrary: true, epss: 0.02 },
  '0501': { in: 'lab', epss: 0.5, kev: {} },
  '0502': { in: 'lab', epss: 0.0139, exploit: 'metasploit', vectors: [NEW] },
  '0601': { in: 'gate', epss: 0.5, kev: {} },
  '0701': { in: 'misc', epss: 0.5, kev: {} },
  '0702': { in: 'misc', age: days(5), epss: 0.002, exploit: 'exploitdb' },
  '0703': { in: 'misc', isLibrary: true, epss: 0.02 },
  '0801': { in: 'runner', epss: 0.05, kev: {} },
};

/** The vectors of NVD where nothing else is told. */
export const vectorsOf = ({ vectors = [ANYBODY] }: Told) => vectors;

export const cveOf = (number: string) => `CVE-2026-${number}`;
