import type { Adjacency, Graph, SearchOptions } from './graph.ts';

/** What a search has reached. */
export interface Reached {
  /** By node: the least number of edges from a root; 0 at a root, -1 where nothing leads. */
  readonly hops: Int32Array;
  /** The nodes reached, nearest first; its length is their number. */
  readonly order: Int32Array;
}

/**
 * Which nodes can be reached from any of the roots, and over how few edges: breadth-first search, O(nodes + edges)
 * (attack-paths §4.6 step 2). With `closed` it is a what-if; backward from many it says who can reach one of them.
 */
export function reach(graph: Graph, roots: ArrayLike<number>, options: SearchOptions = {}): Reached {
  const { direction, closed } = options;
  const rows = direction === 'backward' ? graph.into : graph.out;
  if (closed === undefined) return reachOver(rows, graph.nodeCount, roots);
  const { hops, queue, end } = begun(graph.nodeCount, roots);
  return { hops, order: queue.subarray(0, spreadAround(rows, closed, hops, queue, end)) };
}

/** The same along rows alone, where the other direction was never built. */
export function reachOver(
  rows: Pick<Adjacency, 'start' | 'nodes'>,
  nodeCount: number,
  roots: ArrayLike<number>,
): Reached {
  const { hops, queue, end } = begun(nodeCount, roots);
  return { hops, order: queue.subarray(0, spread(rows, hops, queue, end)) };
}

function begun(nodeCount: number, roots: ArrayLike<number>) {
  const hops = new Int32Array(nodeCount).fill(-1);
  // One more than there are nodes: every neighbour is written behind the end, also the last one again, and counts
  // only when it is new.
  const queue = new Int32Array(nodeCount + 1);
  let end = 0;
  for (let i = 0; i < roots.length; i++) {
    const root = roots[i] as number;
    if (hops[root] !== -1) continue;
    hops[root] = 0;
    queue[end++] = root;
  }
  return { hops, queue, end };
}

/** Without a branch on what is new, which a processor guesses wrong so often that it costs a third of the time. */
function spread(
  { start, nodes }: Pick<Adjacency, 'start' | 'nodes'>,
  hops: Int32Array,
  queue: Int32Array,
  first: number,
): number {
  let end = first;
  for (let next = 0; next < end; next++) {
    const node = queue[next] as number;
    const step = (hops[node] as number) + 2;
    const last = start[node + 1] as number;
    for (let slot = start[node] as number; slot < last; slot++) {
      const other = nodes[slot] as number;
      const known = hops[other] as number;
      const isNew = known >>> 31;
      queue[end] = other;
      hops[other] = known + Math.imul(isNew, step);
      end += isNew;
    }
  }
  return end;
}

function spreadAround(
  { start, nodes, edges }: Adjacency,
  closed: Uint8Array,
  hops: Int32Array,
  queue: Int32Array,
  first: number,
): number {
  let end = first;
  for (let next = 0; next < end; next++) {
    const node = queue[next] as number;
    const step = (hops[node] as number) + 2;
    const last = start[node + 1] as number;
    for (let slot = start[node] as number; slot < last; slot++) {
      const other = nodes[slot] as number;
      const known = hops[other] as number;
      const isNew = (known >>> 31) & ((closed[edges[slot] as number] as number) ^ 1);
      queue[end] = other;
      hops[other] = known + Math.imul(isNew, step);
      end += isNew;
    }
  }
  return end;
}
