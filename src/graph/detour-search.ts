import type { Adjacency, Graph } from './graph.ts';
import { NodeQueue } from './node-queue.ts';
import { edgeLength, foundLength } from './path-length.ts';
import type { ShortestPaths } from './shortest-paths.ts';

/**
 * The best walk from a node to a root around nodes that are passed already: A* with the distances of the whole graph as
 * its estimate, which no detour can beat (P. Hart, N. Nilsson, B. Raphael, 1968). The arrays are made when the first
 * detour is needed and serve for all later ones.
 */
export class DetourSearch {
  readonly #graph: Graph;
  readonly #found: ShortestPaths;
  readonly #closed: Uint8Array | undefined;
  readonly #rows: Adjacency;
  /** By edge: its end that is nearer to the roots, and the other. */
  readonly #ends: Int32Array;
  readonly #origins: Int32Array;
  readonly #queue = new NodeQueue();
  /** By node: the length from where the detour begins. Holds only where the mark is that of this detour. */
  #lengths = new Float64Array(0);
  #marks = new Int32Array(0);
  #mark = 0;

  constructor(graph: Graph, found: ShortestPaths, closed: Uint8Array | undefined) {
    this.#graph = graph;
    this.#found = found;
    this.#closed = closed;
    const isForward = found.direction === 'forward';
    this.#rows = isForward ? graph.into : graph.out;
    this.#ends = isForward ? graph.tails : graph.heads;
    this.#origins = isForward ? graph.heads : graph.tails;
  }

  /** The edges in the order from the node to a root, by the same order of ties as all; null where there is no way. */
  from(node: number, passed: ReadonlySet<number>, barred: readonly number[]): readonly number[] | null {
    if (this.#marks.length === 0) {
      this.#lengths = new Float64Array(this.#graph.nodeCount);
      this.#marks = new Int32Array(this.#graph.nodeCount);
    }
    this.#mark++;
    this.#setLength(node, 0);
    this.#queue.clear();
    this.#expand(node, passed, barred);
    let limit = Number.POSITIVE_INFINITY;
    // Also what is as long as the best is looked at: ties are decided among all of it.
    while (this.#queue.size > 0 && this.#queue.key <= limit) {
      const { key } = this.#queue;
      const at = this.#queue.pop();
      if (key !== this.#lengthOf(at) + foundLength(this.#found, at)) continue;
      if (this.#found.hops[at] === 0) limit = key;
      else this.#expand(at, passed, []);
    }
    return Number.isFinite(limit) ? this.#firstWalk(node, limit, passed, barred) : null;
  }

  #lengthOf(node: number): number {
    return this.#marks[node] === this.#mark ? (this.#lengths[node] as number) : Number.POSITIVE_INFINITY;
  }

  #setLength(node: number, length: number): void {
    this.#marks[node] = this.#mark;
    this.#lengths[node] = length;
  }

  #expand(node: number, passed: ReadonlySet<number>, barred: readonly number[]): void {
    const { start, nodes, costs, edges } = this.#rows;
    const length = this.#lengthOf(node);
    const last = start[node + 1] as number;
    for (let slot = start[node] as number; slot < last; slot++) {
      const other = nodes[slot] as number;
      const edge = edges[slot] as number;
      const estimate = foundLength(this.#found, other);
      const next = length + edgeLength(costs[slot] as number);
      if (estimate === Number.POSITIVE_INFINITY || next >= this.#lengthOf(other)) continue;
      if (this.#closed?.[edge] === 1 || passed.has(other) || barred.includes(edge)) continue;
      this.#setLength(other, next);
      this.#queue.push(next + estimate, other);
    }
  }

  /** Of all walks of the least length the one whose edges were listed first, compared from the node on. */
  #firstWalk(
    node: number,
    limit: number,
    passed: ReadonlySet<number>,
    barred: readonly number[],
  ): readonly number[] {
    const walk: number[] = [];
    const fruitless = new Set(passed);
    let at = node;
    while (this.#found.hops[at] !== 0 || this.#lengthOf(at) !== limit) {
      const edge = this.#firstTightEdge(at, limit, fruitless, at === node ? barred : []);
      if (edge !== -1) {
        walk.push(edge);
        at = this.#ends[edge] as number;
        continue;
      }
      fruitless.add(at);
      at = this.#origins[walk.pop() as number] as number;
    }
    return walk;
  }

  #firstTightEdge(
    node: number,
    limit: number,
    fruitless: ReadonlySet<number>,
    barred: readonly number[],
  ): number {
    const { start, nodes, costs, edges } = this.#rows;
    const { ranks } = this.#graph;
    const length = this.#lengthOf(node);
    let best = -1;
    const last = start[node + 1] as number;
    for (let slot = start[node] as number; slot < last; slot++) {
      const other = nodes[slot] as number;
      const edge = edges[slot] as number;
      const next = length + edgeLength(costs[slot] as number);
      if (next !== this.#lengthOf(other) || next + foundLength(this.#found, other) > limit) continue;
      if (this.#closed?.[edge] === 1 || fruitless.has(other) || barred.includes(edge)) continue;
      if (best === -1 || (ranks[edge] as number) < (ranks[best] as number)) best = edge;
    }
    return best;
  }
}
