import { remembered } from '#base/remembered.ts';

/** How bad something is. `info` is the level of a score of 0: known, and nothing to fix. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** Worst first, as lists show them. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

const RANKS = { info: 0, low: 1, medium: 2, high: 3, critical: 4 } as const satisfies Record<
  Severity,
  number
>;

/** How many there are of each severity; of one that is not named there is none. */
export type SeverityCounts = Readonly<Partial<Record<Severity, number>>>;

/** The number that ranks a severity, from 0 (info) to 4 (critical): the first key of the inbox order. */
export function severityRank(severity: Severity): number {
  return RANKS[severity];
}

/** Orders the worse severity first. */
export function compareSeverity(a: Severity, b: Severity): number {
  return RANKS[b] - RANKS[a];
}

/** The lowest score of each level (CVSS's own bands; design: severity, numeric scale). */
export const LOWEST_SCORE = { critical: 9, high: 7, medium: 4, low: 0.1, info: 0 } as const satisfies Record<
  Severity,
  number
>;

/** The level of a score between 0 and 10 (CVSS's own bands). */
export function severityOfScore(score: number): Severity {
  if (score >= LOWEST_SCORE.critical) return 'critical';
  if (score >= LOWEST_SCORE.high) return 'high';
  if (score >= LOWEST_SCORE.medium) return 'medium';
  if (score > 0) return 'low';
  return 'info';
}

/** The score that stands for a word where a source states nothing better. */
export const WORD_SCORE = { critical: 9.5, high: 8, medium: 5.5, low: 2, info: 0 } as const satisfies Record<
  Severity,
  number
>;

const WORDS: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ...words('critical', 'critical', 'crit', 'very high', 'blocker'),
  ...words('high', 'high', 'important', 'error', 'major', 'danger'),
  ...words('medium', 'medium', 'moderate', 'warning', 'warn', 'med'),
  ...words('low', 'low', 'minor', 'negligible', 'unimportant', 'note', 'very low'),
  ...words(
    'info',
    'info',
    'information',
    'informational',
    'informative',
    'none',
    'log',
    'debug',
    'false positive',
  ),
]);

function words(severity: Severity, ...spellings: readonly string[]): [string, Severity][] {
  return spellings.map((spelling) => [spelling, severity]);
}

const LONGEST_WORD = 32;

/**
 * The level that a scanner's or distribution's word means, whatever its case and separators
 * (`CRITICAL`, `Important`, `moderate`, `Very-High`). Null for words that rate nothing (`unknown`,
 * `untriaged`, `not yet assigned`) and for words never seen: an unrated thing is not a harmless one.
 */
export function severityOfWord(text: string | null | undefined): Severity | null {
  return typeof text !== 'string' || text.length > LONGEST_WORD ? null : meaningOf(text);
}

const meaningOf = remembered<Severity | null>(
  1_000,
  (text) =>
    WORDS.get(
      text
        .trim()
        .toLowerCase()
        .replace(/[\s_-]+/g, ' '),
    ) ?? null,
);
