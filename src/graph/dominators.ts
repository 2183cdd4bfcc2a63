import type { Graph } from './graph.ts';

/**
 * What every path from the root to a node has to pass. Node `d` dominates `v` when no path from the root to `v` avoids
 * `d`; each node dominates itself.
 */
export interface DominatorTree {
  readonly root: number;
  /** By node: the nearest other node that dominates it; -1 at the root and where nothing leads. */
  readonly parents: Int32Array;
  /** The nodes that the root reaches; each stands after its parent. */
  readonly order: Int32Array;
  /** By node: how many nodes it dominates, itself included; 0 where nothing leads. */
  readonly sizes: Int32Array;
  /** By node: the nodes that `v` dominates have the places `places[v]` to `places[v] + sizes[v] - 1`; -1 where nothing leads. */
  readonly places: Int32Array;
}

/**
 * The dominator tree by the semi-NCA algorithm: near-linear in practice, O(nodes²) at worst. Source: L. Georgiadis,
 * "Linear-Time Algorithms for Dominators and Related Problems", Princeton 2005, ch. 2; attack-paths §4.8. Several roots
 * are one node of the caller's with an edge to each.
 */
export function dominators(graph: Graph, root: number, closed?: Uint8Array): DominatorTree {
  const { order, numbers, treeParents } = depthFirst(graph, root, closed);
  const semis = semidominators(graph, closed, order, numbers, treeParents);
  // By depth-first number. Ancestors have smaller numbers, so theirs are final when they are asked for.
  const immediate = treeParents;
  for (let i = 1; i < order.length; i++) {
    const semi = semis[i] as number;
    let candidate = immediate[i] as number;
    while (candidate > semi) candidate = immediate[candidate] as number;
    immediate[i] = candidate;
  }
  return treeOf(graph.nodeCount, root, order, immediate);
}

/** For each node the sum of `values` over all that it dominates: what is lost when it is taken away (attack-paths §4.8). */
export function subtreeSums(tree: DominatorTree, values: ArrayLike<number>): Float64Array {
  const { parents, order } = tree;
  const sums = new Float64Array(parents.length);
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i] as number;
    const sum = (sums[node] as number) + (values[node] as number);
    sums[node] = sum;
    const parent = parents[node] as number;
    if (parent >= 0) sums[parent] = (sums[parent] as number) + sum;
  }
  return sums;
}

/** Whether every path from the root to `node` passes `dominator`; false where nothing leads to either. */
export function dominates(tree: DominatorTree, dominator: number, node: number): boolean {
  const distance = (tree.places[node] as number) - (tree.places[dominator] as number);
  return distance >= 0 && distance < (tree.sizes[dominator] as number) && (tree.places[node] as number) >= 0;
}

interface DepthFirst {
  /** Nodes by depth-first number. */
  readonly order: Int32Array;
  /** Depth-first numbers by node, -1 where nothing leads. */
  readonly numbers: Int32Array;
  /** By depth-first number: that of the node from which it was met. */
  readonly treeParents: Int32Array;
}

function depthFirst({ nodeCount, out }: Graph, root: number, closed: Uint8Array | undefined): DepthFirst {
  const { start, nodes } = out;
  const order = new Int32Array(nodeCount);
  const numbers = new Int32Array(nodeCount).fill(-1);
  const treeParents = new Int32Array(nodeCount);
  const cursor = start.slice();
  let count = 1;
  order[0] = root;
  numbers[root] = 0;
  let at = 0;
  for (;;) {
    const node = order[at] as number;
    const last = start[node + 1] as number;
    let slot = cursor[node] as number;
    while (slot < last && (numbers[nodes[slot] as number] !== -1 || closed?.[slot] === 1)) slot++;
    if (slot === last) {
      if (at === 0) break;
      at = treeParents[at] as number;
      cursor[node] = slot;
      continue;
    }
    cursor[node] = slot + 1;
    const other = nodes[slot] as number;
    order[count] = other;
    numbers[other] = count;
    treeParents[count] = at;
    at = count++;
  }
  return { order: order.subarray(0, count), numbers, treeParents: treeParents.subarray(0, count) };
}

/** By depth-first number: the smallest number from which a path leads here whose inner nodes all have greater ones. */
function semidominators(
  graph: Graph,
  closed: Uint8Array | undefined,
  order: Int32Array,
  numbers: Int32Array,
  treeParents: Int32Array,
): Int32Array {
  const { start, nodes, edges } = graph.into;
  const count = order.length;
  const lows = new Int32Array(count);
  for (let i = 0; i < count; i++) lows[i] = i;
  const semis = new Int32Array(count);
  const ancestors = treeParents.slice();
  const stack = new Int32Array(count);
  for (let i = count - 1; i > 0; i--) {
    const node = order[i] as number;
    let semi = treeParents[i] as number;
    const last = start[node + 1] as number;
    for (let slot = start[node] as number; slot < last; slot++) {
      const from = numbers[nodes[slot] as number] as number;
      if (from < 0 || (closed !== undefined && closed[edges[slot] as number] === 1)) continue;
      const low = from > i ? lowest(from, i, ancestors, lows, stack) : from;
      if (low < semi) semi = low;
    }
    semis[i] = semi;
    lows[i] = semi;
  }
  return semis;
}

/** The smallest semidominator on the way up from `from` among the numbers above `limit`; shortens that way. */
function lowest(
  from: number,
  limit: number,
  ancestors: Int32Array,
  lows: Int32Array,
  stack: Int32Array,
): number {
  let depth = 0;
  let at = from;
  while ((ancestors[at] as number) > limit) {
    stack[depth++] = at;
    at = ancestors[at] as number;
  }
  const top = ancestors[at] as number;
  let low = lows[at] as number;
  while (depth > 0) {
    at = stack[--depth] as number;
    const own = lows[at] as number;
    if (own < low) low = own;
    else lows[at] = low;
    ancestors[at] = top;
  }
  return low;
}

function treeOf(nodeCount: number, root: number, order: Int32Array, immediate: Int32Array): DominatorTree {
  const count = order.length;
  const parents = new Int32Array(nodeCount).fill(-1);
  const sizes = new Int32Array(nodeCount);
  const places = new Int32Array(nodeCount).fill(-1);
  for (let i = count - 1; i > 0; i--) {
    const node = order[i] as number;
    const parent = order[immediate[i] as number] as number;
    parents[node] = parent;
    const size = (sizes[node] as number) + 1;
    sizes[node] = size;
    sizes[parent] = (sizes[parent] as number) + size;
  }
  sizes[root] = (sizes[root] as number) + 1;
  places[root] = 0;
  const free = new Int32Array(nodeCount);
  free[root] = 1;
  for (let i = 1; i < count; i++) {
    const node = order[i] as number;
    const parent = parents[node] as number;
    const place = free[parent] as number;
    places[node] = place;
    free[node] = place + 1;
    free[parent] = place + (sizes[node] as number);
  }
  return { root, parents, order, sizes, places };
}
