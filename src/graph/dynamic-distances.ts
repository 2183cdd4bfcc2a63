import { CostQueue } from './cost-queue.ts';
import type { Graph } from './graph.ts';
import { float64s, int32s, uint8s } from './large-array.ts';
import { costOfLength, edgeLength, hopsOfLength, lengthOf } from './path-length.ts';
import { NO_EDGE } from './tree-weights.ts';

/** Where the best path to more than one in so many nodes is gone, a new search is faster. */
const ANEW_SHARE = 3;

/**
 * The cheapest paths from the roots while edges close and open: after each change they equal what `shortestPaths` finds anew,
 * ties included, and the work follows the nodes whose path changed. The best paths are a tree: where an edge of it closes, all
 * that hangs on it is let go and found again from what is left; where an edge opens, what it brings nearer spreads from there.
 * Source: after G. Ramalingam and T. Reps, "An Incremental Algorithm for a Generalization of the Shortest-Path Problem", J.
 * Algorithms 21 (1996); attack-paths §4.10.
 */
export class DynamicDistances {
  readonly #graph: Graph;
  readonly #roots: ArrayLike<number>;
  readonly #closed: Uint8Array;
  /** By node: cost and edges of its best path as one number. */
  readonly #lengths: Float64Array;
  /** By node: the last edge of its best path; of several the one that the caller listed first. */
  readonly #lastEdges: Int32Array;
  readonly #queue = new CostQueue();

  /** Takes its own copy of the mask. */
  constructor(graph: Graph, roots: ArrayLike<number>, closed?: Uint8Array) {
    const { nodeCount, edgeCount } = graph;
    this.#graph = graph;
    this.#roots = roots;
    this.#closed = uint8s(edgeCount);
    if (closed !== undefined) this.#closed.set(closed);
    this.#lengths = float64s(nodeCount);
    this.#lastEdges = int32s(nodeCount);
    this.#searchAnew();
  }

  /** The sum of costs of the best path; `UNREACHED` where there is none. */
  costOf(node: number): number {
    return costOfLength(this.#lengths[node] as number);
  }

  /** The number of edges of the best path; -1 where there is none. */
  hopsOf(node: number): number {
    return hopsOfLength(this.#lengths[node] as number);
  }

  /** The edges of the best path in the order in which it is walked; empty at a root, null where there is no path. */
  pathTo(node: number): Int32Array | null {
    const hops = this.hopsOf(node);
    if (hops < 0) return null;
    const path = new Int32Array(hops);
    let at = node;
    for (let i = hops - 1; i >= 0; i--) {
      const edge = this.#lastEdges[at] as number;
      path[i] = edge;
      at = this.#graph.tails[edge] as number;
    }
    return path;
  }

  /** Closes those of these edges that are open and opens the others, all of them together. */
  flip(edges: readonly number[]): void {
    const closing: number[] = [];
    const opening: number[] = [];
    for (const edge of edges) (this.#closed[edge] === 0 ? closing : opening).push(edge);
    for (const edge of closing) this.#closed[edge] = 1;
    const lost = this.#letGo(closing);
    for (const edge of opening) this.#closed[edge] = 0;
    if (lost === null) {
      this.#searchAnew();
      return;
    }
    for (const node of lost) {
      const edge = this.#bestEdgeInto(node);
      if (edge !== NO_EDGE) this.#reach(node, this.#lengthOver(edge), edge);
    }
    this.#reachOver(opening);
    this.#spread();
  }

  /** What edges that are open now bring nearer. */
  #reachOver(edges: readonly number[]): void {
    const { heads } = this.#graph;
    for (const edge of edges) {
      const head = heads[edge] as number;
      const length = this.#lengthOver(edge);
      const known = this.#lengths[head] as number;
      if (length < known) this.#reach(head, length, edge);
      // Of what nothing leads to, both are infinite.
      else if (length === known && this.#isListedBefore(edge, this.#lastEdges[head] as number))
        this.#lastEdges[head] = edge;
    }
  }

  #searchAnew(): void {
    this.#lengths.fill(Number.POSITIVE_INFINITY);
    this.#lastEdges.fill(NO_EDGE);
    for (let i = 0; i < this.#roots.length; i++) this.#reach(this.#roots[i] as number, 0, NO_EDGE);
    this.#spread();
  }

  #reach(node: number, length: number, edge: number): void {
    this.#lengths[node] = length;
    this.#lastEdges[node] = edge;
    this.#queue.push(costOfLength(length), node);
  }

  #lengthOver(edge: number): number {
    const { tails, costs } = this.#graph;
    return (this.#lengths[tails[edge] as number] as number) + edgeLength(costs[edge] as number);
  }

  /** The nodes to which the best path takes one of these edges: nothing leads to them until it is found. Null where there are too many. */
  #letGo(edges: readonly number[]): readonly number[] | null {
    const { nodeCount, heads, out } = this.#graph;
    const { start, nodes } = out;
    const lost: number[] = [];
    for (const edge of edges) this.#loseOver(edge, heads[edge] as number, lost);
    for (let i = 0; i < lost.length; i++) {
      if (lost.length * ANEW_SHARE > nodeCount) return null;
      const node = lost[i] as number;
      const last = start[node + 1] as number;
      for (let edge = start[node] as number; edge < last; edge++)
        this.#loseOver(edge, nodes[edge] as number, lost);
    }
    return lost;
  }

  #loseOver(edge: number, head: number, lost: number[]): void {
    if (this.#lastEdges[head] !== edge) return;
    this.#lastEdges[head] = NO_EDGE;
    this.#lengths[head] = Number.POSITIVE_INFINITY;
    lost.push(head);
  }

  /** Goes on from all that waits, nearest first. */
  #spread(): void {
    const { ranks, out } = this.#graph;
    const { start, nodes, costs } = out;
    const closed = this.#closed;
    const lengths = this.#lengths;
    const lastEdges = this.#lastEdges;
    const queue = this.#queue;
    for (let count = queue.take(); count > 0; count = queue.take()) {
      const { nodes: nearest, cost } = queue;
      const least = lengthOf(cost, 0);
      for (let i = 0; i < count; i++) {
        const node = nearest[i] as number;
        const length = lengths[node] as number;
        // It was nearer than that and is done.
        if (length < least) continue;
        const last = start[node + 1] as number;
        for (let edge = start[node] as number; edge < last; edge++) {
          const other = nodes[edge] as number;
          const more = costs[edge] as number;
          const next = length + edgeLength(more);
          const known = lengths[other] as number;
          if (next > known || closed[edge] === 1) continue;
          if (next < known) {
            lengths[other] = next;
            queue.push(cost + more, other);
          } else if ((ranks[edge] as number) > (ranks[lastEdges[other] as number] as number)) continue;
          lastEdges[other] = edge;
        }
      }
    }
  }

  #isListedBefore(edge: number, other: number): boolean {
    const { ranks } = this.#graph;
    return (ranks[edge] as number) < (ranks[other] as number);
  }

  /** The last edge of the best path as far as it is known; of several the one that the caller listed first. */
  #bestEdgeInto(node: number): number {
    const { start, nodes, costs, edges } = this.#graph.into;
    let best = NO_EDGE;
    let least = Number.POSITIVE_INFINITY;
    const last = start[node + 1] as number;
    for (let slot = start[node] as number; slot < last; slot++) {
      const edge = edges[slot] as number;
      if (this.#closed[edge] === 1) continue;
      const length = (this.#lengths[nodes[slot] as number] as number) + edgeLength(costs[slot] as number);
      if (length > least || length === Number.POSITIVE_INFINITY) continue;
      if (length === least && !this.#isListedBefore(edge, best)) continue;
      best = edge;
      least = length;
    }
    return best;
  }
}
