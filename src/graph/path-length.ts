import { NODES_MAX } from './graph.ts';
import { type ShortestPaths, UNREACHED } from './shortest-paths.ts';

/**
 * Cost and number of edges of a path as one number that orders as (cost, edges) does: at most 127 × 2²² edges of cost and
 * 2²² of count are 51 bits, which a double holds exactly. Sums of lengths are lengths of joined paths.
 */
const UNIT = NODES_MAX;

/** The length of a path of these edges. */
export function lengthOf(cost: number, hops: number): number {
  return cost * UNIT + hops;
}

/** The length of one edge. */
export function edgeLength(cost: number): number {
  return cost * UNIT + 1;
}

export function costOfLength(length: number): number {
  return Number.isFinite(length) ? Math.floor(length / UNIT) : UNREACHED;
}

export function hopsOfLength(length: number): number {
  return Number.isFinite(length) ? length % UNIT : -1;
}

/** The length of the best path that was found for a node; infinity where there is none. */
export function foundLength(found: ShortestPaths, node: number): number {
  const hops = found.hops[node] as number;
  return hops < 0 ? Number.POSITIVE_INFINITY : lengthOf(found.costs[node] as number, hops);
}
