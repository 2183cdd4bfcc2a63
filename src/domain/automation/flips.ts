import { smallest } from '#base/extremes.ts';
import type { Instant } from '#base/instant.ts';
import type { Query, QueryTerm, Scalar } from '../query/query.ts';

/**
 * The next instant after now at which a condition on a time may change its answer because time passes:
 * `first_seen:>now-30d` lets go of a finding 30 days after it was first seen. Null where none ever does.
 */
export function nextFlip(term: QueryTerm, at: Instant, now: Instant): Instant | null {
  const spans = term.values.flatMap((value) => {
    if (value.is === 'compare') return spanOf(value.to);
    return value.is === 'between' ? [...spanOf(value.from), ...spanOf(value.to)] : [];
  });
  // Whether an end belongs to the range decides between two neighbouring milliseconds.
  return smallest(spans.flatMap((ms) => [at - ms, at - ms + 1]).filter((instant) => instant > now));
}

/** Whether the smallest part of a query answers otherwise as time passes. */
export function changesWithTime(leaf: Query): leaf is QueryTerm {
  return leaf.is === 'term' && nextFlip(leaf, 0, Number.NEGATIVE_INFINITY) !== null;
}

function spanOf(scalar: Scalar | null): readonly number[] {
  return scalar?.is === 'from-now' ? [scalar.ms] : [];
}

/** The smallest parts of a query, each a condition of its own. */
export function leavesOf(query: Query): readonly Query[] {
  if (query.is === 'and' || query.is === 'or') return query.of.flatMap(leavesOf);
  if (query.is === 'not') return leavesOf(query.of);
  return query.is === 'everything' ? [] : [query];
}
