import type { Graph } from './graph.ts';
import { float64s, int32s, uint8s } from './large-array.ts';
import { NodeQueue } from './node-queue.ts';
import { costOfLength, edgeLength, hopsOfLength } from './path-length.ts';
import { findShortestLengths } from './shortest-lengths.ts';

const NONE: readonly number[] = [];

/** Of a node whose best edges nobody has counted since its path changed. */
const UNCOUNTED = -1;
/** Of a node into which nobody has looked for the best edge since its best edges changed. */
const UNKNOWN = -1;

/**
 * The cheapest paths from the roots while single edges close and open: after each change they equal what `shortestPaths`
 * finds anew, ties included, and the work follows the nodes whose path changed. Source: G. Ramalingam and T. Reps, "An
 * Incremental Algorithm for a Generalization of the Shortest-Path Problem", J. Algorithms 21 (1996); attack-paths §4.10.
 * Many edges that change together are one change, of which each node is looked at once.
 */
export class DynamicDistances {
  readonly #graph: Graph;
  readonly #roots: ArrayLike<number>;
  readonly #closed: Uint8Array;
  /** By node: cost and edges of its best path as one number. */
  readonly #lengths: Float64Array;
  /**
   * By node: how many open edges end a best path to it, counted when the first of them closes. Edges are never free, so none
   * of them leans on itself, and none ends at a root.
   */
  readonly #supports: Int32Array;
  /** By node: the last edge of its path, looked for when it is first asked for. */
  readonly #lastEdges: Int32Array;
  readonly #marked: Uint8Array;
  readonly #queue = new NodeQueue();

  /** Takes its own copy of the mask. */
  constructor(graph: Graph, roots: ArrayLike<number>, closed?: Uint8Array) {
    const { nodeCount, edgeCount } = graph;
    this.#graph = graph;
    this.#roots = roots;
    this.#closed = uint8s(edgeCount);
    this.#lengths = float64s(nodeCount);
    this.#supports = int32s(nodeCount);
    this.#lastEdges = int32s(nodeCount);
    this.#marked = uint8s(nodeCount);
    this.#searchAnew(closed ?? this.#closed);
  }

  /** Finds all paths anew while that is closed, whatever was before. */
  #searchAnew(closed: Uint8Array): void {
    this.#closed.set(closed);
    findShortestLengths(this.#graph, this.#roots, this.#closed, this.#lengths);
    this.#supports.fill(UNCOUNTED);
    this.#lastEdges.fill(UNKNOWN);
    this.#marked.fill(0);
    this.#queue.clear();
  }

  /** The sum of costs of the best path; `UNREACHED` where there is none. */
  costOf(node: number): number {
    return costOfLength(this.#lengths[node] as number);
  }

  /** The number of edges of the best path; -1 where there is none. */
  hopsOf(node: number): number {
    return hopsOfLength(this.#lengths[node] as number);
  }

  /** The edges that are closed here and not there, or the other way, ascending. */
  differencesTo(closed: Uint8Array): readonly number[] {
    const own = this.#closed;
    const edges: number[] = [];
    for (let edge = 0; edge < own.length; edge++) if (own[edge] !== closed[edge]) edges.push(edge);
    return edges;
  }

  /** The edges of the best path in the order in which it is walked; empty at a root, null where there is no path. */
  pathTo(node: number): Int32Array | null {
    const hops = this.hopsOf(node);
    if (hops < 0) return null;
    const path = new Int32Array(hops);
    let at = node;
    for (let i = hops - 1; i >= 0; i--) {
      const edge = this.#lastEdgeTo(at);
      path[i] = edge;
      at = this.#graph.tails[edge] as number;
    }
    return path;
  }

  /** Whether the best path is this one: in the order in which it is walked. */
  isPathTo(node: number, path: ArrayLike<number>): boolean {
    if (this.hopsOf(node) !== path.length) return false;
    let at = node;
    for (let i = path.length - 1; i >= 0; i--) {
      if (this.#lastEdgeTo(at) !== path[i]) return false;
      at = this.#graph.tails[path[i] as number] as number;
    }
    return true;
  }

  /** Closes an edge and answers the nodes whose best cost or number of edges changed. */
  close(edge: number): readonly number[] {
    return this.#close([edge], Number.POSITIVE_INFINITY) ?? NONE;
  }

  /** Opens an edge and answers the nodes whose best cost or number of edges changed. */
  open(edge: number): readonly number[] {
    return this.#open([edge], Number.POSITIVE_INFINITY) ?? NONE;
  }

  /**
   * Closes and opens whatever is closed there otherwise, all of it together. Where the best path to more than `nodesMax`
   * nodes changes, all are found anew, which is faster then.
   */
  changeTo(closed: Uint8Array, nodesMax: number): void {
    const closing: number[] = [];
    const opening: number[] = [];
    for (const edge of this.differencesTo(closed)) (closed[edge] === 1 ? closing : opening).push(edge);
    if (this.#close(closing, nodesMax) === null || this.#open(opening, nodesMax) === null)
      this.#searchAnew(closed);
  }

  /** Null where more nodes than that are affected. */
  #close(edges: readonly number[], nodesMax: number): readonly number[] | null {
    const { tails, heads, costs } = this.#graph;
    const best = edges.filter(
      (edge) =>
        this.#closed[edge] === 0 &&
        this.#supportsHead(tails[edge] as number, costs[edge] as number, heads[edge] as number),
    );
    // Counted while all of them are open, so that each can be taken away.
    for (const edge of best) this.#supports[heads[edge] as number] = this.#supportsOf(heads[edge] as number);
    for (const edge of edges) this.#closed[edge] = 1;
    const lost: number[] = [];
    for (const edge of best) this.#unsupport(heads[edge] as number, lost);
    if (lost.length === 0) return NONE;
    const affected = this.#unsupportedFrom(lost, nodesMax);
    if (affected === null) return null;
    this.#settleAnew(affected);
    this.#forget(affected);
    return affected;
  }

  /** Null where more nodes than that come nearer. */
  #open(edges: readonly number[], nodesMax: number): readonly number[] | null {
    const { tails, heads, costs } = this.#graph;
    const opened = edges.filter((edge) => this.#closed[edge] === 1);
    for (const edge of opened) this.#closed[edge] = 0;
    const improved: number[] = [];
    for (const edge of opened) {
      const head = heads[edge] as number;
      const length = (this.#lengths[tails[edge] as number] as number) + edgeLength(costs[edge] as number);
      if (length === this.#lengths[head] && Number.isFinite(length)) this.#support(head);
      this.#improve(head, length, improved);
    }
    if (improved.length === 0) return NONE;
    if (!this.#improveFrom(improved, nodesMax)) return null;
    this.#supportUnmarkedHeads(improved);
    this.#forget(improved);
    return improved;
  }

  #supportsHead(tail: number, cost: number, head: number): boolean {
    const length = (this.#lengths[tail] as number) + edgeLength(cost);
    return length === this.#lengths[head] && Number.isFinite(length);
  }

  /** Takes one best edge from a node; one that has none left is marked and listed. */
  #unsupport(node: number, lost: number[]): void {
    const left = this.#supportsOf(node) - 1;
    this.#supports[node] = left;
    this.#lastEdges[node] = UNKNOWN;
    if (left > 0) return;
    this.#marked[node] = 1;
    lost.push(node);
  }

  /**
   * To these, all whose every best path went through them, marked; null where there are more than `nodesMax`. Their lengths
   * are still the old ones.
   */
  #unsupportedFrom(affected: number[], nodesMax: number): number[] | null {
    const { start, nodes, costs } = this.#graph.out;
    for (let i = 0; i < affected.length; i++) {
      if (affected.length > nodesMax) return null;
      const node = affected[i] as number;
      const last = start[node + 1] as number;
      for (let edge = start[node] as number; edge < last; edge++) {
        const other = nodes[edge] as number;
        if (this.#closed[edge] === 0 && this.#supportsHead(node, costs[edge] as number, other))
          this.#unsupport(other, affected);
      }
    }
    return affected;
  }

  /** New lengths of the affected: from all others first, then from each other, nearest first. */
  #settleAnew(affected: readonly number[]): void {
    const { into, out } = this.#graph;
    const queue = this.#queue;
    for (const node of affected) {
      let best = Number.POSITIVE_INFINITY;
      const last = into.start[node + 1] as number;
      for (let slot = into.start[node] as number; slot < last; slot++) {
        const tail = into.nodes[slot] as number;
        if (this.#marked[tail] === 1 || this.#closed[into.edges[slot] as number] === 1) continue;
        best = Math.min(best, (this.#lengths[tail] as number) + edgeLength(into.costs[slot] as number));
      }
      this.#lengths[node] = best;
      if (best < Number.POSITIVE_INFINITY) queue.push(best, node);
    }
    while (queue.size > 0) {
      const { key } = queue;
      const node = queue.pop();
      if (this.#lengths[node] !== key) continue;
      const last = out.start[node + 1] as number;
      for (let edge = out.start[node] as number; edge < last; edge++) {
        const other = out.nodes[edge] as number;
        if (this.#marked[other] === 0 || this.#closed[edge] === 1) continue;
        const length = key + edgeLength(out.costs[edge] as number);
        if (length >= (this.#lengths[other] as number)) continue;
        this.#lengths[other] = length;
        queue.push(length, other);
      }
    }
  }

  /** Brings a node nearer where this is shorter; one that comes nearer for the first time is marked and listed. */
  #improve(node: number, length: number, improved: number[]): void {
    if (length >= (this.#lengths[node] as number)) return;
    this.#lengths[node] = length;
    this.#queue.push(length, node);
    if (this.#marked[node] === 1) return;
    this.#marked[node] = 1;
    improved.push(node);
  }

  /** To these, all that come nearer because they do, with their new lengths; false where there are more than `nodesMax`. */
  #improveFrom(improved: number[], nodesMax: number): boolean {
    const { start, nodes, costs } = this.#graph.out;
    const queue = this.#queue;
    while (queue.size > 0) {
      if (improved.length > nodesMax) return false;
      const { key } = queue;
      const node = queue.pop();
      if (this.#lengths[node] !== key) continue;
      const last = start[node + 1] as number;
      for (let edge = start[node] as number; edge < last; edge++)
        if (this.#closed[edge] === 0)
          this.#improve(nodes[edge] as number, key + edgeLength(costs[edge] as number), improved);
    }
    return true;
  }

  /** An edge from an improved node that ends a best path now did not before, else its head had improved too. */
  #supportUnmarkedHeads(improved: readonly number[]): void {
    const { start, nodes, costs } = this.#graph.out;
    for (const node of improved) {
      const last = start[node + 1] as number;
      for (let edge = start[node] as number; edge < last; edge++) {
        const other = nodes[edge] as number;
        if (this.#marked[other] === 1 || this.#closed[edge] === 1) continue;
        if (this.#supportsHead(node, costs[edge] as number, other)) this.#support(other);
      }
    }
  }

  #supportsOf(node: number): number {
    const known = this.#supports[node] as number;
    return known === UNCOUNTED ? this.#countSupports(node) : known;
  }

  #support(node: number): void {
    const known = this.#supports[node] as number;
    if (known !== UNCOUNTED) this.#supports[node] = known + 1;
    this.#lastEdges[node] = UNKNOWN;
  }

  /** What has another length has other best edges. */
  #forget(changed: readonly number[]): void {
    for (const node of changed) {
      this.#marked[node] = 0;
      this.#supports[node] = UNCOUNTED;
      this.#lastEdges[node] = UNKNOWN;
    }
  }

  #countSupports(node: number): number {
    const { start, nodes, costs, edges } = this.#graph.into;
    let count = 0;
    const last = start[node + 1] as number;
    for (let slot = start[node] as number; slot < last; slot++)
      if (
        this.#closed[edges[slot] as number] === 0 &&
        this.#supportsHead(nodes[slot] as number, costs[slot] as number, node)
      )
        count++;
    return count;
  }

  #lastEdgeTo(node: number): number {
    if (this.#lastEdges[node] === UNKNOWN) this.#lastEdges[node] = this.#bestEdgeInto(node);
    return this.#lastEdges[node] as number;
  }

  /** Of the open edges that end a best path to the node, the one that the caller listed first. */
  #bestEdgeInto(node: number): number {
    const { into, ranks } = this.#graph;
    let best = -1;
    const last = into.start[node + 1] as number;
    for (let slot = into.start[node] as number; slot < last; slot++) {
      const edge = into.edges[slot] as number;
      if (this.#closed[edge] === 1) continue;
      if (!this.#supportsHead(into.nodes[slot] as number, into.costs[slot] as number, node)) continue;
      if (best === -1 || (ranks[edge] as number) < (ranks[best] as number)) best = edge;
    }
    return best;
  }
}
