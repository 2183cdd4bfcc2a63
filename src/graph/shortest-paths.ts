import { COST_MAX, type Direction, type Graph, type SearchOptions } from './graph.ts';
import { int32s } from './large-array.ts';

/** The cost of what nothing leads to. */
export const UNREACHED = 0x7fffffff;

/** The best way to (forward: from a root to; backward: from the node to a root) each node. */
export interface ShortestPaths {
  readonly direction: Direction;
  /** By node: the sum of costs, 0 at a root, `UNREACHED` where nothing leads. */
  readonly costs: Int32Array;
  /** By node: the number of edges of the best path, -1 where there is none. */
  readonly hops: Int32Array;
  /** By node: the last edge of the best path (backward: the first); -1 at a root and where there is none. */
  readonly via: Int32Array;
}

/** Costs are at most 127, so at any time no two waiting nodes are further apart than these. */
const BUCKETS = COST_MAX + 1;

/**
 * The cheapest paths from any of the roots to every node in one pass: Dial's algorithm, Dijkstra's with a ring of buckets
 * in the place of a heap. O(edges + greatest cost). Source: R. Dial, "Algorithm 360", CACM 12 (1969); attack-paths §4.6
 * step 3. Equal costs are decided by fewer edges, then by the edge that the caller listed first.
 */
export function shortestPaths(
  graph: Graph,
  roots: ArrayLike<number>,
  options: SearchOptions = {},
): ShortestPaths {
  const { direction = 'forward', closed } = options;
  const { start, nodes, costs, edges } = direction === 'backward' ? graph.into : graph.out;
  const { ranks } = graph;
  const best = int32s(graph.nodeCount).fill(UNREACHED);
  const hops = int32s(graph.nodeCount).fill(-1);
  const via = int32s(graph.nodeCount).fill(-1);
  // Made when they are needed: small parts of graphs are searched thousands of times and need few.
  const buckets = new Array<number[] | undefined>(BUCKETS).fill(undefined);
  let waiting = 0;
  for (let i = 0; i < roots.length; i++) {
    const root = roots[i] as number;
    if (best[root] === 0) continue;
    best[root] = 0;
    hops[root] = 0;
    putInto(buckets, 0, root);
    waiting++;
  }
  for (let cost = 0; waiting > 0; cost++) {
    const bucket = buckets[cost % BUCKETS];
    if (bucket === undefined) continue;
    // No edge is free: nothing comes into this bucket while it is emptied, and all that it holds is settled.
    for (const node of bucket) {
      if (best[node] !== cost) continue;
      const nextHops = (hops[node] as number) + 1;
      const last = start[node + 1] as number;
      for (let slot = start[node] as number; slot < last; slot++) {
        const other = nodes[slot] as number;
        const next = cost + (costs[slot] as number);
        const known = best[other] as number;
        if (next > known) continue;
        const edge = edges[slot] as number;
        if (closed !== undefined && closed[edge] === 1) continue;
        if (next < known) {
          best[other] = next;
          putInto(buckets, next, other);
          waiting++;
        } else {
          const fewer = nextHops - (hops[other] as number);
          if (fewer > 0) continue;
          if (fewer === 0 && (ranks[edge] as number) > (ranks[via[other] as number] as number)) continue;
        }
        hops[other] = nextHops;
        via[other] = edge;
      }
    }
    waiting -= bucket.length;
    bucket.length = 0;
  }
  return { direction, costs: best, hops, via };
}

function putInto(buckets: (number[] | undefined)[], cost: number, node: number): void {
  const bucket = buckets[cost % BUCKETS];
  if (bucket === undefined) buckets[cost % BUCKETS] = [node];
  else bucket.push(node);
}

/** The edges of the best path in the order in which it is walked; empty at a root, null where there is no path. */
export function pathTo(graph: Graph, found: ShortestPaths, node: number): Int32Array | null {
  const length = found.hops[node] as number;
  if (length < 0) return null;
  const isForward = found.direction === 'forward';
  const back = isForward ? graph.tails : graph.heads;
  const path = new Int32Array(length);
  let at = node;
  for (let i = 0; i < length; i++) {
    const edge = found.via[at] as number;
    path[isForward ? length - 1 - i : i] = edge;
    at = back[edge] as number;
  }
  return path;
}
