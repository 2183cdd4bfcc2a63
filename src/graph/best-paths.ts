import { type Comparison, compareInOrder } from '#base/compare.ts';
import { DetourSearch } from './detour-search.ts';
import type { Graph } from './graph.ts';
import { Heap } from './heap.ts';
import { costOfLength, edgeLength, foundLength } from './path-length.ts';
import type { ShortestPaths } from './shortest-paths.ts';

export interface Path {
  readonly cost: number;
  /** Edge ids in the order in which they are walked. */
  readonly edges: readonly number[];
}

/**
 * All loopless paths between the roots of a search and a node, best first, one at a time as they are asked for: by cost,
 * then by number of edges, then by the edges that the caller listed first, compared from the node on. The first is the
 * path of the search itself. A path meets no node twice and a root only at its end; parallel edges make different paths.
 *
 * One search holds the exact distances of all nodes, so no node needs a search of its own: paths grow from the node
 * towards the roots. Source: E. Lawler, Management Science 18 (1972), after J. Yen (1971): the paths that are left fall
 * into sets that begin alike and then differ, and the best of a set is searched only when its bound comes first
 * (attack-paths §4.6 step 4). As a rule a path costs a few steps for each edge of it; at worst a search for each.
 * `closed` has to be that of the search.
 */
export function* bestPaths(
  graph: Graph,
  found: ShortestPaths,
  node: number,
  closed?: Uint8Array,
): Generator<Path, void> {
  const sets = new PathSets(graph, found, node, closed);
  const waiting = new Heap<PathSet>(bestFirst(graph.ranks));
  const all = sets.all();
  if (all !== null) waiting.push(all);
  for (let best = waiting.pop(); best !== undefined; best = waiting.pop()) {
    if (best.isBound) {
      const searched = sets.search(best);
      if (searched !== null) waiting.push(searched);
      continue;
    }
    yield {
      cost: costOfLength(best.length),
      edges: found.direction === 'forward' ? best.walk.toReversed() : best.walk,
    };
    for (const rest of sets.rest(best)) waiting.push(rest);
  }
}

/** All paths that begin with the same edges at the node and then take none of the barred ones, told by their best. */
interface PathSet {
  /** The best path from the node to a root; while only its bound is known, the shared edges alone. */
  readonly walk: readonly number[];
  readonly shared: number;
  readonly barred: readonly number[];
  /** Of the best path, or a bound that it is not below. */
  readonly length: number;
  readonly isBound: boolean;
}

/**
 * Of a bound the shared edges are compared. They are the beginning of the path that it stands for, so it comes before all
 * that begins alike, and before or behind all else as that path will.
 */
function bestFirst(ranks: Int32Array): Comparison<PathSet> {
  return compareInOrder<PathSet>([
    (a, b) => a.length - b.length,
    (a, b) => {
      const length = Math.min(a.walk.length, b.walk.length);
      for (let i = 0; i < length; i++) {
        const difference = (ranks[a.walk[i] as number] as number) - (ranks[b.walk[i] as number] as number);
        if (difference !== 0) return difference;
      }
      return a.walk.length - b.walk.length;
    },
  ]);
}

class PathSets {
  readonly #graph: Graph;
  readonly #found: ShortestPaths;
  readonly #node: number;
  readonly #closed: Uint8Array | undefined;
  /** By edge: its end that is nearer to the roots. */
  readonly #ends: Int32Array;
  readonly #detours: DetourSearch;

  constructor(graph: Graph, found: ShortestPaths, node: number, closed: Uint8Array | undefined) {
    this.#graph = graph;
    this.#found = found;
    this.#node = node;
    this.#closed = closed;
    this.#ends = found.direction === 'forward' ? graph.tails : graph.heads;
    this.#detours = new DetourSearch(graph, found, closed);
  }

  /** The set of all paths; null when there is none. */
  all(): PathSet | null {
    const length = foundLength(this.#found, this.#node);
    const walk = this.#straightWalk(this.#node, new Set());
    if (walk === null || !Number.isFinite(length)) return null;
    return { walk, shared: 0, barred: [], length, isBound: false };
  }

  /** What is left of a set without its best path: one set for each place at which a path can leave it. */
  *rest({ walk, shared, barred }: PathSet): Generator<PathSet> {
    const passed = new Set<number>();
    let at = this.#node;
    let length = 0;
    for (let i = 0; i < walk.length; i++) {
      const edge = walk[i] as number;
      passed.add(at);
      if (i >= shared) {
        const nowBarred = i === shared ? [...barred, edge] : [edge];
        const set = this.#setAfter(walk.slice(0, i), at, length, passed, nowBarred);
        if (set !== null) yield set;
      }
      length += edgeLength(this.#graph.costs[edge] as number);
      at = this.#ends[edge] as number;
    }
  }

  /** The same set with its best path in the place of the bound; null when it is empty. */
  search({ walk, shared, barred }: PathSet): PathSet | null {
    const passed = new Set<number>();
    let at = this.#node;
    let length = 0;
    for (const edge of walk) {
      passed.add(at);
      length += edgeLength(this.#graph.costs[edge] as number);
      at = this.#ends[edge] as number;
    }
    passed.add(at);
    const detour = this.#detours.from(at, passed, barred);
    if (detour === null) return null;
    return {
      walk: [...walk, ...detour],
      shared,
      barred,
      length: detour.reduce((sum, edge) => sum + edgeLength(this.#graph.costs[edge] as number), length),
      isBound: false,
    };
  }

  /** The best next edge and the search's own walk behind it are the best path unless that walk comes back to itself. */
  #setAfter(
    walk: readonly number[],
    at: number,
    length: number,
    passed: ReadonlySet<number>,
    barred: readonly number[],
  ): PathSet | null {
    const { ranks, into, out } = this.#graph;
    const { start, nodes, costs, edges } = this.#found.direction === 'forward' ? into : out;
    let best = Number.POSITIVE_INFINITY;
    let bestEdge = -1;
    const last = start[at + 1] as number;
    for (let slot = start[at] as number; slot < last; slot++) {
      const rest = edgeLength(costs[slot] as number) + foundLength(this.#found, nodes[slot] as number);
      if (rest > best || rest === Number.POSITIVE_INFINITY) continue;
      const edge = edges[slot] as number;
      if (rest === best && (ranks[edge] as number) > (ranks[bestEdge] as number)) continue;
      if (this.#closed?.[edge] === 1 || passed.has(nodes[slot] as number) || barred.includes(edge)) continue;
      best = rest;
      bestEdge = edge;
    }
    if (bestEdge === -1) return null;
    const straight = this.#straightWalk(this.#ends[bestEdge] as number, passed);
    return {
      walk: straight === null ? walk : [...walk, bestEdge, ...straight],
      shared: walk.length,
      barred,
      length: length + best,
      isBound: straight === null,
    };
  }

  /** The walk of the search from a node to a root; null when it meets a node that is passed already. */
  #straightWalk(from: number, passed: ReadonlySet<number>): readonly number[] | null {
    const walk: number[] = [];
    let at = from;
    while (!passed.has(at)) {
      const edge = this.#found.via[at] as number;
      if (edge === -1) return walk;
      walk.push(edge);
      at = this.#ends[edge] as number;
    }
    return null;
  }
}
