import { COST_MAX, type Graph } from './graph.ts';
import { edgeLength, lengthOf } from './path-length.ts';

/** Costs are at most 127, so at any time no two waiting nodes are further apart than these. */
const BUCKETS = COST_MAX + 1;

/**
 * Writes into `lengths`, by node, how long the best path from any of the roots is, cost and number of edges as one number;
 * infinity where there is none. As `shortestPaths` finds it, in half the time, for whoever does not ask over which edges.
 */
export function findShortestLengths(
  { out: { start, nodes, costs } }: Graph,
  roots: ArrayLike<number>,
  closed: Uint8Array,
  lengths: Float64Array,
): void {
  lengths.fill(Number.POSITIVE_INFINITY);
  const buckets = Array.from({ length: BUCKETS }, (): number[] => []);
  let waiting = roots.length;
  for (let i = 0; i < roots.length; i++) {
    const root = roots[i] as number;
    lengths[root] = 0;
    (buckets[0] as number[]).push(root);
  }
  for (let cost = 0; waiting > 0; cost++) {
    const bucket = buckets[cost % BUCKETS] as number[];
    const least = lengthOf(cost, 0);
    // No edge is free: nothing comes into this bucket while it is emptied, and all that it holds is settled.
    for (let i = 0; i < bucket.length; i++) {
      const node = bucket[i] as number;
      const length = lengths[node] as number;
      if (length < least) continue;
      const last = start[node + 1] as number;
      for (let edge = start[node] as number; edge < last; edge++) {
        const other = nodes[edge] as number;
        const more = costs[edge] as number;
        const next = length + edgeLength(more);
        if (next >= (lengths[other] as number) || closed[edge] === 1) continue;
        lengths[other] = next;
        (buckets[(cost + more) % BUCKETS] as number[]).push(other);
        waiting++;
      }
    }
    waiting -= bucket.length;
    bucket.length = 0;
  }
}
