import { int32s, uint8s } from './large-array.ts';

/** The most that an edge may cost; the least is 1, so that no circle is free. */
export const COST_MAX = 127;

/** The most nodes of a graph: the cost of a path and its number of edges then fit into one exact number. */
export const NODES_MAX = 2 ** 22;

/**
 * Edges as columns: edge `i` leads from `tails[i]` to `heads[i]` and costs `costs[i]`, an integer of 1 to 127. Nodes are
 * numbered from 0. Parallel edges and self loops are edges like all others. The order of the list is the order in which
 * ties are broken, so a caller who wants the same answer for the same things sorts it by names that stay.
 */
export interface EdgeList {
  readonly nodeCount: number;
  readonly tails: Int32Array;
  readonly heads: Int32Array;
  readonly costs: Uint8Array;
}

/**
 * The edges at each node in one direction (compressed sparse rows): those of node `v` are at the places `start[v]` to
 * `start[v + 1] - 1` of the other arrays, in the order of their ids. `nodes` are the other ends.
 */
export interface Adjacency {
  readonly start: Int32Array;
  readonly nodes: Int32Array;
  readonly costs: Uint8Array;
  readonly edges: Int32Array;
}

/**
 * A directed graph over typed arrays, 26 bytes an edge and 8 a node (attack-paths §6.1). It never changes: what is taken
 * out for a question is given as a mask, a `Uint8Array` by edge id in which 1 closes an edge.
 *
 * The id of an edge is its place when all are ordered by their tail and then as the caller listed them; `ranks` leads
 * from there to the caller's index. So whatever walks forward reads costs and masks in a row.
 */
export interface Graph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly tails: Int32Array;
  readonly heads: Int32Array;
  readonly costs: Uint8Array;
  readonly ranks: Int32Array;
  /** The edges that leave a node. */
  readonly out: Adjacency;
  /** The edges that arrive at a node. */
  readonly into: Adjacency;
}

/** Which way a search walks: along the edges from where they start, or against them from where they end. */
export type Direction = 'forward' | 'backward';

export interface SearchOptions {
  /** Forward where it is not given. */
  readonly direction?: Direction;
  /** By edge id, 1 = not to be walked. Nothing is closed where it is not given. */
  readonly closed?: Uint8Array | undefined;
}

/** The other ends of the edges that leave each node. */
export interface LeavingRows {
  readonly nodeCount: number;
  readonly out: Pick<Adjacency, 'start' | 'nodes'>;
}

/** What leads where, for what looks in that direction alone: a quarter of the time and memory of `buildGraph`. */
export function leavingRows(list: EdgeList): LeavingRows {
  const { nodeCount, tails, heads } = list;
  assertEdges(list);
  const start = startsOf(tails, nodeCount);
  const place = start.slice();
  const nodes = int32s(tails.length);
  for (let i = 0; i < tails.length; i++) {
    const tail = tails[i] as number;
    const slot = place[tail] as number;
    place[tail] = slot + 1;
    nodes[slot] = heads[i] as number;
  }
  return { nodeCount, out: { start, nodes } };
}

/** Two counting sorts: O(nodes + edges) in time and memory. Throws on a list that is none, which is a defect of the caller. */
export function buildGraph(list: EdgeList): Graph {
  const { nodeCount, tails, heads, costs } = list;
  const edgeCount = tails.length;
  assertEdges(list);
  const start = startsOf(tails, nodeCount);
  const place = start.slice();
  const ranks = int32s(edgeCount);
  for (let i = 0; i < edgeCount; i++) {
    const tail = tails[i] as number;
    const edge = place[tail] as number;
    place[tail] = edge + 1;
    ranks[edge] = i;
  }
  const sortedHeads = int32s(edgeCount);
  const sortedCosts = uint8s(edgeCount);
  for (let edge = 0; edge < edgeCount; edge++) {
    const rank = ranks[edge] as number;
    sortedHeads[edge] = heads[rank] as number;
    sortedCosts[edge] = costs[rank] as number;
  }
  return graphOfRows(start, sortedHeads, sortedCosts, ranks);
}

/** A graph of edges that are already in the order of their ids; `start` has one entry more than there are nodes. */
export function graphOfRows(
  start: Int32Array,
  heads: Int32Array,
  costs: Uint8Array,
  ranks: Int32Array,
): Graph {
  const nodeCount = start.length - 1;
  const edgeCount = heads.length;
  const tails = int32s(edgeCount);
  for (let node = 0; node < nodeCount; node++)
    tails.fill(node, start[node] as number, start[node + 1] as number);
  const edges = int32s(edgeCount);
  for (let edge = 0; edge < edgeCount; edge++) edges[edge] = edge;
  return {
    nodeCount,
    edgeCount,
    tails,
    heads,
    costs,
    ranks,
    out: { start, nodes: heads, costs, edges },
    into: arrivals(nodeCount, tails, heads, costs),
  };
}

/** The rows against the edges. Within a row they stand in the order of their ids, because they are placed in it. */
function arrivals(nodeCount: number, tails: Int32Array, heads: Int32Array, costs: Uint8Array): Adjacency {
  const edgeCount = tails.length;
  const start = startsOf(heads, nodeCount);
  const place = start.slice();
  const nodes = int32s(edgeCount);
  const sortedCosts = uint8s(edgeCount);
  const edges = int32s(edgeCount);
  for (let edge = 0; edge < edgeCount; edge++) {
    const head = heads[edge] as number;
    const slot = place[head] as number;
    place[head] = slot + 1;
    nodes[slot] = tails[edge] as number;
    sortedCosts[slot] = costs[edge] as number;
    edges[slot] = edge;
  }
  return { start, nodes, costs: sortedCosts, edges };
}

/** Where the row of each key begins when `keys` are sorted; one entry more than there are keys. */
export function startsOf(keys: Int32Array, keyCount: number): Int32Array {
  const start = int32s(keyCount + 1);
  for (let i = 0; i < keys.length; i++) {
    const next = (keys[i] as number) + 1;
    start[next] = (start[next] as number) + 1;
  }
  for (let key = 0; key < keyCount; key++)
    start[key + 1] = (start[key + 1] as number) + (start[key] as number);
  return start;
}

function assertEdges({ nodeCount, tails, heads, costs }: EdgeList): void {
  if (!(nodeCount >= 0 && nodeCount <= NODES_MAX))
    throw new RangeError(`A graph has 0 to ${NODES_MAX} nodes, not ${nodeCount}`);
  if (heads.length !== tails.length || costs.length !== tails.length)
    throw new RangeError(
      `Columns of edges differ in length: ${tails.length}, ${heads.length}, ${costs.length}`,
    );
  for (let i = 0; i < tails.length; i++) {
    const tail = tails[i] as number;
    const head = heads[i] as number;
    const cost = costs[i] as number;
    if (tail < 0 || tail >= nodeCount || head < 0 || head >= nodeCount)
      throw new RangeError(`Edge ${i} leads from ${tail} to ${head}, outside of ${nodeCount} nodes`);
    if (cost < 1 || cost > COST_MAX)
      throw new RangeError(`Edge ${i} costs ${cost}, outside of 1 to ${COST_MAX}`);
  }
}
