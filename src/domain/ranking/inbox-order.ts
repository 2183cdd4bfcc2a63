import { type Comparison, compareBytes, compareInOrder } from '#base/compare.ts';
import { type Severity, severityRank } from '../severity/severity.ts';

/** What the order looks at, and nothing else: the type of a finding, a risk or a resource has no influence. */
export interface Rankable {
  readonly severity: Severity;
  readonly riskCount: number;
  /** Distinct impacted resources plus distinct impacted services. */
  readonly impact: number;
}

interface RankKey {
  readonly name: 'severity' | 'detected risks' | 'impact';
  readonly valueOf: (item: Rankable) => number;
}

/** Inbox order. Each key is consulted only when all keys above it are equal; higher comes first (source page, prioritization). */
export const INBOX_ORDER: readonly RankKey[] = [
  { name: 'severity', valueOf: (item) => severityRank(item.severity) },
  { name: 'detected risks', valueOf: (item) => item.riskCount },
  { name: 'impact', valueOf: (item) => item.impact },
];

const compareRank: Comparison<Rankable> = compareInOrder(
  INBOX_ORDER.map((key) => (a: Rankable, b: Rankable) => key.valueOf(b) - key.valueOf(a)),
);

/** Not part of the ranking: keeps pages steady among equals. Ids descend, compared by bytes. */
function tieBreak(a: { readonly id: string }, b: { readonly id: string }): number {
  return compareBytes(b.id, a.id);
}

/** The whole order of the inbox, ties included. */
export const compareInbox: Comparison<Rankable & { readonly id: string }> = (a, b) =>
  compareRank(a, b) || tieBreak(a, b);

/** The first key that tells the two apart, or `equal`. The explanation is the same data as the order, so it can't lie. */
export function firstDifference(a: Rankable, b: Rankable): RankKey['name'] | 'equal' {
  return INBOX_ORDER.find((key) => key.valueOf(a) !== key.valueOf(b))?.name ?? 'equal';
}
