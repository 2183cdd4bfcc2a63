import type { Graph } from './graph.ts';
import { float64s, int32s, uint8s } from './large-array.ts';
import { NodeQueue } from './node-queue.ts';
import { costOfLength, edgeLength, foundLength, hopsOfLength } from './path-length.ts';
import { type ShortestPaths, shortestPaths } from './shortest-paths.ts';
import { type TreeOrder, treeOrder } from './tree-order.ts';
import { NO_EDGE } from './tree-weights.ts';

const NO_NODE = -1;

/** The best path to a node: that of the whole graph, gone and not found yet, of a length that was found, or found with its last edge. */
const [KEPT, GONE, FOUND, DECIDED] = [0, 1, 2, 3] as const;

/** Where one in so many edges was looked at, a search through everything is faster. */
const ANEW_SHARE = 4;

/**
 * The best paths from the roots to a few nodes around edges that are closed, for one set of closed edges after another: the same
 * as `shortestPaths` finds with these closed, ties included. What it takes follows how many are asked for and how far around it
 * is, not the size of the graph.
 *
 * The paths of the whole graph are found once. One that takes no closed edge is the best one still. Where it takes one, a search
 * walks back from the node until it meets one whose path is known. Its estimates are the distances in the whole graph, which
 * closing makes longer and never shorter, and what it learns makes the estimates of the next search better.
 * Source: S. Koenig and M. Likhachev, "Adaptive A*", AAMAS (2005).
 */
export class PathsAround {
  readonly #graph: Graph;
  readonly #roots: ArrayLike<number>;
  /** By node: the length of the best path of the whole graph, and its last edge. */
  readonly #lengths: Float64Array;
  readonly #lastEdges: Int32Array;
  /** The tree of these paths: its edges ascending, and its nodes so that all that hangs on one comes right after it. */
  readonly #treeEdges: Int32Array;
  readonly #order: TreeOrder;
  #closed: Uint8Array;
  /** By place in the tree: what is known of the best path. */
  readonly #known: Uint8Array;
  /** By node: no path is shorter. Where it is kept or found, it is its length. */
  readonly #bounds: Float64Array;
  /** By node, where its path is found: the last edge of a path of that length, and where it is decided, of the best one. */
  readonly #foundEdges: Int32Array;
  /** How many edges may be looked at yet before everything is searched. */
  #left = 0;
  /** What a search through everything found, where it came to that. */
  #anew: ShortestPaths | null = null;
  readonly #queue = new NodeQueue();
  /** By node: the length from it to where a search began, and the first edge. They hold where the mark is that of this search. */
  readonly #rests: Float64Array;
  readonly #nextEdges: Int32Array;
  readonly #marks: Int32Array;
  #mark = 0;

  /** With no edge closed. */
  constructor(graph: Graph, roots: ArrayLike<number>) {
    const { nodeCount, edgeCount } = graph;
    const found = shortestPaths(graph, roots);
    this.#graph = graph;
    this.#roots = roots;
    this.#lengths = float64s(nodeCount);
    for (let node = 0; node < nodeCount; node++) this.#lengths[node] = foundLength(found, node);
    this.#lastEdges = found.via;
    this.#order = treeOrder(graph, found.via);
    this.#treeEdges = edgesOfTree(graph, found.via);
    this.#known = uint8s(nodeCount);
    this.#foundEdges = int32s(nodeCount);
    this.#bounds = float64s(nodeCount);
    this.#rests = float64s(nodeCount);
    this.#nextEdges = int32s(nodeCount);
    this.#marks = int32s(nodeCount);
    this.#closed = uint8s(edgeCount);
    this.close(this.#closed);
  }

  /** From now on with these edges closed and no others. The mask is not to change before the next call. */
  close(closed: Uint8Array): void {
    const { edgeCount, heads } = this.#graph;
    const { places, weights } = this.#order;
    const treeEdges = this.#treeEdges;
    const known = this.#known;
    this.#closed = closed;
    this.#bounds.set(this.#lengths);
    this.#left = edgeCount / ANEW_SHARE;
    this.#anew = null;
    known.fill(KEPT);
    for (let at = 0; at < treeEdges.length; at++) {
      const edge = treeEdges[at] as number;
      if (closed[edge] === 0) continue;
      const node = heads[edge] as number;
      const place = places[node] as number;
      if (known[place] === GONE) continue;
      const end = place + (weights[node] as number);
      for (let each = place; each < end; each++) known[each] = GONE;
    }
  }

  /** The sum of costs of the best path; `UNREACHED` where there is none. */
  costOf(node: number): number {
    return costOfLength(this.#lengthOf(node));
  }

  /** The number of edges of the best path; -1 where there is none. */
  hopsOf(node: number): number {
    return hopsOfLength(this.#lengthOf(node));
  }

  /** The edges of the best path in the order in which it is walked; empty at a root, null where there is no path. */
  pathTo(node: number): Int32Array | null {
    const hops = this.hopsOf(node);
    if (hops < 0) return null;
    const path = new Int32Array(hops);
    let at = node;
    for (let i = hops - 1; i >= 0; i--) {
      const edge = this.#lastEdgeOf(at);
      path[i] = edge;
      at = this.#graph.tails[edge] as number;
    }
    return path;
  }

  #lengthOf(node: number): number {
    if (this.#isKnown(node) || this.#find(node)) return this.#bounds[node] as number;
    return foundLength(this.#searchAnew(), node);
  }

  /** Whether the best path is of this length, where none is shorter. */
  #isOfLength(node: number, length: number): boolean {
    if (this.#isKnown(node) || this.#find(node, length)) return this.#bounds[node] === length;
    return foundLength(this.#searchAnew(), node) === length;
  }

  #searchAnew(): ShortestPaths {
    this.#anew ??= shortestPaths(this.#graph, this.#roots, { closed: this.#closed });
    return this.#anew;
  }

  /** Whether the length of the best path is known. */
  #isKnown(node: number): boolean {
    return this.#known[this.#order.places[node] as number] !== GONE;
  }

  #know(node: number, what: typeof FOUND | typeof DECIDED): void {
    this.#known[this.#order.places[node] as number] = what;
  }

  /**
   * Looks for the best path to a node whose own is gone; where it is longer than a limit, until that is known. Answers false
   * where it takes too long.
   */
  #find(node: number, limit = Number.POSITIVE_INFINITY): boolean {
    if (this.#anew !== null) return false;
    const { start, nodes, costs, edges } = this.#graph.into;
    const closed = this.#closed;
    const bounds = this.#bounds;
    const rests = this.#rests;
    const queue = this.#queue;
    const passed: number[] = [];
    /** What any better path is shorter than: all others are as long or longer. */
    let best = limit + 1;
    let met = NO_NODE;
    // As it is kept: of 32 bits.
    this.#mark = (this.#mark + 1) | 0;
    queue.clear();
    this.#meet(node, 0, NO_EDGE);
    queue.push(bounds[node] as number, node);
    while (queue.key < best) {
      const { key } = queue;
      const at = queue.pop();
      const rest = rests[at] as number;
      // It was met again, nearer.
      if (key !== rest + (bounds[at] as number)) continue;
      const first = start[at] as number;
      const last = start[at + 1] as number;
      this.#left -= last - first;
      if (this.#left < 0) return false;
      passed.push(at);
      for (let slot = first; slot < last; slot++) {
        const other = nodes[slot] as number;
        const edge = edges[slot] as number;
        const more = rest + edgeLength(costs[slot] as number);
        const length = more + (bounds[other] as number);
        if (length >= best || closed[edge] === 1) continue;
        if (this.#marks[other] === this.#mark && more >= (rests[other] as number)) continue;
        this.#meet(other, more, edge);
        if (this.#isKnown(other)) {
          best = length;
          met = other;
        } else queue.push(length, other);
      }
    }
    for (const at of passed) bounds[at] = best - (rests[at] as number);
    if (met !== NO_NODE) this.#keepWay(met, node);
    return true;
  }

  #meet(node: number, rest: number, next: number): void {
    this.#marks[node] = this.#mark;
    this.#rests[node] = rest;
    this.#nextEdges[node] = next;
  }

  /** The bounds of all that lies on a way that was found are the lengths of their best paths. */
  #keepWay(from: number, to: number): void {
    for (let at = from; at !== to; ) {
      const edge = this.#nextEdges[at] as number;
      at = this.#graph.heads[edge] as number;
      this.#foundEdges[at] = edge;
      this.#know(at, FOUND);
    }
  }

  #lastEdgeOf(node: number): number {
    switch (this.#known[this.#order.places[node] as number]) {
      case KEPT:
        return this.#lastEdges[node] as number;
      case GONE:
        return (this.#anew as ShortestPaths).via[node] as number;
      case FOUND:
        this.#foundEdges[node] = this.#bestEdgeInto(node);
        this.#know(node, DECIDED);
    }
    return this.#foundEdges[node] as number;
  }

  /** Of several edges the one that the caller listed first. */
  #bestEdgeInto(node: number): number {
    const { into, ranks } = this.#graph;
    const { start, nodes, costs, edges } = into;
    const length = this.#bounds[node] as number;
    let best = this.#foundEdges[node] as number;
    const last = start[node + 1] as number;
    for (let slot = start[node] as number; slot < last; slot++) {
      const edge = edges[slot] as number;
      const before = length - edgeLength(costs[slot] as number);
      const tail = nodes[slot] as number;
      if (this.#closed[edge] === 1 || (this.#bounds[tail] as number) > before) continue;
      if ((ranks[edge] as number) > (ranks[best] as number)) continue;
      if (this.#isOfLength(tail, before)) best = edge;
    }
    return best;
  }
}

function edgesOfTree({ nodeCount, edgeCount, heads }: Graph, lastEdges: Int32Array): Int32Array {
  const edges = int32s(nodeCount);
  let count = 0;
  for (let edge = 0; edge < edgeCount; edge++)
    if (lastEdges[heads[edge] as number] === edge) edges[count++] = edge;
  return edges.subarray(0, count);
}
