import { getOrMake } from '#base/get-or-make.ts';
import { DynamicDistances } from '#graph/dynamic-distances.ts';
import { type Gates, gatesOfEdges, maskOfGates } from '#graph/gates.ts';
import { uint8s } from '#graph/large-array.ts';
import { reach } from '#graph/reach.ts';
import { nearestFirst, shortestPaths, UNREACHED } from '#graph/shortest-paths.ts';
import { partOf, type Subgraph } from '#graph/subgraph.ts';
import { closeWaysBack, type OutsideNode } from './outside-nodes.ts';
import type { StateGraph } from './state-graph.ts';
import type { Target } from './target.ts';
import { type FoundWays, type Pivot, pivotOfEdges, WayList, WayOverEdges } from './way.ts';

/** A target, and the nodes of the states that include what is wanted of it. */
export interface WantedNodes {
  readonly target: Target;
  readonly nodes: readonly number[];
}

/** The likeliest way to a target as it was found once, and over which edges of the part. */
interface FoundWay {
  readonly edges: Int32Array;
  readonly way: WayOverEdges;
}

/** The best ways from the origins, and the numbers of the gates that were closed. */
interface AskedDistances {
  readonly gates: ReadonlySet<number>;
  readonly distances: DynamicDistances;
}

/**
 * The likeliest way to each target, for any gates that are closed. One search forwards finds them all, and the next question
 * goes on from what it found or from the first one: from what less has to change of.
 *
 * What leads to no target is left out, and the rest lies in memory as a search meets it: each saves a search a fifth of its time.
 */
export class LikeliestWays {
  readonly #states: StateGraph;
  readonly #part: Subgraph;
  // Nodes and edges are those of the part.
  readonly #gates: Gates;
  readonly #origins: readonly number[];
  readonly #wanted: readonly WantedNodes[];
  readonly #outside: readonly OutsideNode[];
  /** What is closed by what was asked last. */
  readonly #closed: Uint8Array;
  /** Of what was asked first, which is with all gates open for most. */
  #first: AskedDistances | null = null;
  /** Of what was asked last after that. */
  #last: AskedDistances | null = null;
  /** By the index of the target: the way that was found first, and the one that was found last. */
  readonly #found = new Map<number, readonly FoundWay[]>();
  /** By the first two edges. */
  readonly #pivots = new Map<number, Pivot>();

  /** Nodes and edges are those of the graph of all states. */
  constructor(
    states: StateGraph,
    origins: readonly number[],
    wanted: readonly WantedNodes[],
    outside: readonly OutsideNode[],
  ) {
    const { graph } = states;
    const targets = wanted.flatMap(({ nodes }) => nodes);
    const { hops } = reach(graph, targets, { direction: 'backward' });
    const nodes = nearestFirst(shortestPaths(graph, origins)).filter((node) => hops[node] !== -1);
    const part = partOf(graph, nodes);
    const ownNodes = ownNumbers(part.numbers);
    const ownEdges = ownNumbers(placesOf(part.edges, graph.edgeCount));
    this.#states = states;
    this.#part = part;
    this.#gates = gatesOfEdges(states.gates, part.edges);
    this.#origins = ownNodes(origins);
    this.#wanted = wanted.map(({ target, nodes }) => ({ target, nodes: ownNodes(nodes) }));
    this.#outside = outside.map(({ entries, others }) => ({
      entries: ownEdges(entries),
      others: ownEdges(others),
    }));
    this.#closed = uint8s(part.graph.edgeCount);
  }

  /** With some gates closed, by their numbers. */
  ways(gates: readonly number[]): FoundWays {
    const mask = maskOfGates(this.#gates, gates, this.#closed);
    closeWaysBack(this.#outside, mask);
    const distances = this.#distancesBehind(mask, new Set(gates));
    const found = new WayList();
    for (const [index, { target, nodes }] of this.#wanted.entries()) {
      const node = nearest(nodes, distances);
      if (node === null || !found.takes(distances.hopsOf(node))) continue;
      found.add(this.#wayTo(node, index, target, distances));
    }
    return found.told(this.#wanted.length);
  }

  #wayTo(node: number, index: number, target: Target, distances: DynamicDistances): WayOverEdges {
    const found = this.#found.get(index) ?? [];
    const same = found.find(({ edges }) => distances.isPathTo(node, edges));
    if (same !== undefined) return same.way;
    const edges = distances.pathTo(node) as Int32Array;
    const all = edges.map((edge) => this.#part.edges[edge] as number);
    const pivot = this.#pivotOf(all);
    const way = new WayOverEdges(this.#states, all, target, distances.costOf(node), pivot);
    const last = { edges, way };
    this.#found.set(index, [found[0] ?? last, last]);
    return way;
  }

  /** Many ways begin alike, and steps lie scattered in memory. */
  #pivotOf(edges: Int32Array): Pivot {
    const second = edges.length > 1 ? (edges[1] as number) + 1 : 0;
    const key = (edges[0] as number) * (this.#states.graph.edgeCount + 1) + second;
    return getOrMake(this.#pivots, key, () => pivotOfEdges(this.#states, edges));
  }

  #distancesBehind(mask: Uint8Array, gates: ReadonlySet<number>): DynamicDistances {
    if (this.#first === null || this.#last === null) {
      const first = new DynamicDistances(this.#part.graph, this.#origins, mask);
      this.#first = { gates, distances: first };
      // Made at once, so that no question after the first one waits for it.
      this.#last = { gates, distances: first.copy() };
      return first;
    }
    const [first, last] = [this.#first, this.#last];
    const { distances } = last;
    this.#last = { gates, distances };
    // Of the first one it is known at once how much is lost, and whether a search anew is faster.
    if (this.#edgesBetween(first.gates, gates) < 2 * this.#edgesBetween(last.gates, gates))
      distances.becomeAs(first.distances, mask);
    else distances.flip(distances.differencesTo(mask));
    return distances;
  }

  /** How many edges the gates have that are closed in one of both alone. */
  #edgesBetween(some: ReadonlySet<number>, others: ReadonlySet<number>): number {
    const { edgeStart } = this.#gates;
    let edges = 0;
    const count = (gate: number, closed: ReadonlySet<number>): void => {
      if (!closed.has(gate)) edges += (edgeStart[gate + 1] as number) - (edgeStart[gate] as number);
    };
    for (const gate of some) count(gate, others);
    for (const gate of others) count(gate, some);
    return edges;
  }
}

function placesOf(edges: Int32Array, edgeCount: number): Int32Array {
  const places = new Int32Array(edgeCount).fill(-1);
  for (let place = 0; place < edges.length; place++) places[edges[place] as number] = place;
  return places;
}

/** The numbers in the part of those that are in it. */
function ownNumbers(numbers: Int32Array): (all: readonly number[]) => readonly number[] {
  return (all) => all.map((each) => numbers[each] as number).filter((number) => number !== -1);
}

/** The one at the least cost, of several the first; null where none is reached. */
function nearest(nodes: readonly number[], distances: DynamicDistances): number | null {
  let best: number | null = null;
  let least = UNREACHED;
  for (const node of nodes) {
    const cost = distances.costOf(node);
    if (cost >= least) continue;
    least = cost;
    best = node;
  }
  return best;
}
