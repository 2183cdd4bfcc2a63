import calculators from 'ae-cvss-calculator';
import { CVSS_METRICS, type CvssMetrics, type CvssVersion } from './cvss-metrics.ts';

/** A CVSS vector whose every metric and value exists in its version. */
export interface CvssVector {
  readonly version: CvssVersion;
  /** The metrics as given, `X` and `ND` included. */
  readonly metrics: ReadonlyMap<string, string>;
  /** The vector in its specification's order; version 2.0 has no prefix there. */
  readonly text: string;
  /** 0 to 10, of the base metrics alone: a threat metric in the vector does not count (also in 4.0). */
  readonly baseScore: number;
  /** 0 to 10, of all metrics in the vector. */
  readonly fullScore: number;
}

// The longest legal vector is some 200 characters (4.0 with every metric).
const LONGEST_VECTOR = 512;
const PREFIX = /^CVSS(?:[:#](2\.0|3\.0|3\.1|4\.0)\/|2#)/;

/**
 * Reads a vector of CVSS 2.0, 3.0, 3.1 or 4.0: with its prefix, in parentheses, as Nessus writes it
 * (`CVSS2#AV:N/…`), or bare, where the metrics tell the version (3.0 and 3.1 look alike and read as
 * 3.1). The order of metrics is free. Null for anything else: a metric or value that the version
 * does not have, one that stands twice, a base metric missing. Never throws.
 */
export function parseCvssVector(text: string | null | undefined): CvssVector | null {
  if (typeof text !== 'string' || text.length > LONGEST_VECTOR) return null;
  const trimmed = text.trim();
  const open = trimmed.startsWith('(') && trimmed.endsWith(')') ? trimmed.slice(1, -1) : trimmed;
  const prefix = PREFIX.exec(open);
  const metrics = readMetrics(prefix === null ? open : open.slice(prefix[0].length));
  if (metrics === null) return null;
  const version = prefix === null ? versionOfMetrics(metrics) : ((prefix[1] ?? '2.0') as CvssVersion);
  return isComplete(CVSS_METRICS[version], metrics) ? cvssVector(version, metrics) : null;
}

/** Builds a vector of metrics that are known to be complete and valid in this version, and scores it. */
export function cvssVector(version: CvssVersion, metrics: ReadonlyMap<string, string>): CvssVector {
  const { base, optional } = CVSS_METRICS[version];
  const baseText = writeVector(version, [...base.keys()], metrics);
  const text = writeVector(version, [...base.keys(), ...optional.keys()], metrics);
  const baseScore = score(version, baseText);
  return {
    version,
    metrics,
    text,
    baseScore,
    fullScore: text === baseText ? baseScore : score(version, text),
  };
}

function readMetrics(text: string): Map<string, string> | null {
  const metrics = new Map<string, string>();
  for (const part of text.split('/')) {
    const [name, value, ...rest] = part.split(':');
    if (name === undefined || value === undefined || rest.length > 0 || metrics.has(name)) return null;
    metrics.set(name, value);
  }
  return metrics;
}

function versionOfMetrics(metrics: ReadonlyMap<string, string>): CvssVersion {
  if (metrics.has('Au')) return '2.0';
  return metrics.has('AT') ? '4.0' : '3.1';
}

function isComplete({ base, optional }: CvssMetrics, metrics: ReadonlyMap<string, string>): boolean {
  for (const name of base.keys()) if (!metrics.has(name)) return false;
  for (const [name, value] of metrics) {
    const values = base.get(name) ?? optional.get(name);
    if (values === undefined || !values.includes(value)) return false;
  }
  return true;
}

function writeVector(
  version: CvssVersion,
  order: readonly string[],
  metrics: ReadonlyMap<string, string>,
): string {
  const parts = order.filter((name) => metrics.has(name)).map((name) => `${name}:${metrics.get(name)}`);
  return version === '2.0' ? parts.join('/') : `CVSS:${version}/${parts.join('/')}`;
}

const CALCULATE: Readonly<Record<CvssVersion, (text: string) => number>> = {
  '2.0': (text) => new calculators.Cvss2(text).calculateScores().overall,
  '3.0': (text) => new calculators.Cvss3P0(text).calculateScores().overall,
  '3.1': (text) => new calculators.Cvss3P1(text).calculateScores().overall,
  // `calculateScores` works out five scores of which we need one.
  '4.0': (text) => new calculators.Cvss4P0(text).calculateOverallScore(),
};

function score(version: CvssVersion, text: string): number {
  // The 2.0 calculator answers -0 for a vector without impact.
  return Math.max(0, CALCULATE[version](text));
}
