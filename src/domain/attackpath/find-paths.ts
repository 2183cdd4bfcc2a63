import { maskOfGates } from '#graph/gates.ts';
import { uint8s } from '#graph/large-array.ts';
import { reach } from '#graph/reach.ts';
import { pathTo, type ShortestPaths, shortestPaths, UNREACHED } from '#graph/shortest-paths.ts';
import { onTheWay, type Subgraph } from '#graph/subgraph.ts';
import type { AttackStep } from './attack-step.ts';
import { LikeliestWays, type WantedNodes } from './likeliest-ways.ts';
import { closeWaysBack, type OutsideNode, outsideNodes } from './outside-nodes.ts';
import { includesState } from './state.ts';
import { StateGraph } from './state-graph.ts';
import { stepRule } from './step-rules.ts';
import type { Target } from './target.ts';
import { type FoundWays, isKnock, type Pivot, pivotOfEdges, WAYS_MAX, WayList, WayOverEdges } from './way.ts';

/** Visits of edges by searches backwards, one for each target: half a second or so. */
const VISITS_MAX = 40_000_000;

/** How somebody gets to the first thing that is theirs: by an entry, and by a flaw where it takes one. */
interface Start {
  readonly pivot: Pivot;
  /** The number of what the pivot and the entry are together. */
  readonly group: number;
  readonly edges: readonly number[];
  readonly cost: number;
  readonly node: number;
}

/**
 * The best way from each entry over each pivot to each target (attack-paths §4.6). A pivot is what has the flaw that the
 * way begins with, or, where no flaw is needed, what outsiders hold first; it depends on one way alone, so that no other
 * way that comes or goes moves it. One search backwards from each target answers for all starts at once. Where that would
 * take too long, one search forwards answers with the likeliest way to each target, and a note says so.
 *
 * It is made once, and then answers for any gates that are closed.
 */
export class WaySearch {
  readonly states: StateGraph;
  readonly #wanted: readonly WantedNodes[];
  readonly #outside: readonly OutsideNode[];
  readonly #origins: readonly number[];
  readonly #starts: readonly Start[];
  readonly #groups: number;
  /** Null where alternatives are looked for. */
  readonly #likeliest: LikeliestWays | null;
  /** By edge: what is closed by what was asked last. */
  readonly #closed: Uint8Array;
  /** Of all ways, by target and edges: one that is found again is the same. */
  readonly #known = new Map<string, WayOverEdges>();

  constructor(steps: readonly AttackStep[], targets: readonly Target[], visitsMax = VISITS_MAX) {
    const states = new StateGraph(
      steps,
      targets.map(({ state }) => state),
    );
    this.states = states;
    const entryEdges = states.origins
      .flatMap((origin) => edgesFrom(states, origin))
      .filter((edge) => stepRule(states.stepAt(edge).rule).category === 'entry')
      .sort((a, b) => rankOf(states, a) - rankOf(states, b));
    this.#origins = [...new Set(entryEdges.map((edge) => states.graph.tails[edge] as number))];
    this.#outside = outsideNodes(states, entryEdges);
    this.#closed = uint8s(states.graph.edgeCount);
    this.#wanted = targets.map((target) => ({ target, nodes: nodesOfTarget(target, states) }));
    const isDense = this.#sizeOnTheWay(this.#mask([])) * targets.length > visitsMax;
    this.#likeliest = isDense ? new LikeliestWays(states, this.#origins, this.#wanted) : null;
    const groups = new Map<string, number>();
    this.#starts = isDense ? [] : entryEdges.flatMap((entry) => startsOf(states, entry, groups));
    this.#groups = groups.size;
  }

  /** With some gates closed, by their numbers. */
  ways(gates: readonly number[] = []): FoundWays {
    const mask = this.#mask(gates);
    return this.#likeliest === null ? this.#all(mask) : this.#likeliest.ways(mask);
  }

  /** What is closed: by a gate, or because outsiders get to its end by themselves, so that it leads round in circles. */
  #mask(gates: readonly number[]): Uint8Array {
    const mask = maskOfGates(this.states.gates, gates, this.#closed);
    closeWaysBack(this.#outside, mask);
    return mask;
  }

  #open(mask: Uint8Array): readonly Start[] {
    return this.#starts.filter(({ edges }) => edges.every((edge) => mask[edge] === 0));
  }

  #onTheWay(mask: Uint8Array): Subgraph {
    return onTheWay(
      this.states.graph,
      this.#open(mask).map(({ node }) => node),
      this.#targetNodes(),
      mask,
    );
  }

  /** How many nodes and edges are on the way to any target. */
  #sizeOnTheWay(closed: Uint8Array): number {
    const { graph } = this.states;
    const { order } = reach(graph, this.#origins, { closed });
    const back = reach(graph, this.#targetNodes(), { direction: 'backward', closed });
    let size = 0;
    for (let at = 0; at < order.length; at++) {
      const node = order[at] as number;
      if (back.hops[node] !== -1)
        size += 1 + (graph.out.start[node + 1] as number) - (graph.out.start[node] as number);
    }
    return size;
  }

  #targetNodes(): readonly number[] {
    return this.#wanted.flatMap(({ nodes }) => nodes);
  }

  #all(mask: Uint8Array): FoundWays {
    if (this.#known.size > 2 * WAYS_MAX) this.#known.clear();
    const part = this.#onTheWay(mask);
    const numberOf = (node: number): number => part.numbers[node] as number;
    const starts = this.#open(mask).filter(({ node }) => numberOf(node) !== -1);
    const places = Int32Array.from(starts, ({ node }) => numberOf(node));
    const found = new WayList();
    for (const [index, { target, nodes }] of this.#wanted.entries()) {
      const ends = nodes.map(numberOf).filter((number) => number !== -1);
      if (ends.length === 0) continue;
      const back = shortestPaths(part.graph, ends, { direction: 'backward' });
      for (const at of bestStarts(starts, places, back, this.#groups)) {
        const { edges, cost, pivot } = starts[at] as Start;
        const place = places[at] as number;
        const rest = pathTo(part.graph, back, place) as Int32Array;
        if (!found.takes(edges.length + rest.length)) continue;
        const all = [...edges, ...Array.from(rest, (edge) => part.edges[edge] as number)];
        found.add(this.#wayOf(index, target, all, cost + (back.costs[place] as number), pivot));
      }
    }
    return found.told(null);
  }

  /** The same where it was found before. */
  #wayOf(index: number, target: Target, edges: readonly number[], cost: number, pivot: Pivot): WayOverEdges {
    const key = `${index} ${edges.join(' ')}`;
    const way = this.#known.get(key) ?? new WayOverEdges(this.states, edges, target, cost, pivot);
    this.#known.set(key, way);
    return way;
  }
}

/** Of each group the place of the start from which the target is nearest; of several the first. */
function bestStarts(
  starts: readonly Start[],
  places: Int32Array,
  { costs }: ShortestPaths,
  groups: number,
): readonly number[] {
  const least = new Int32Array(groups).fill(UNREACHED);
  const best = new Int32Array(groups).fill(-1);
  for (let at = 0; at < starts.length; at++) {
    const rest = costs[places[at] as number] as number;
    if (rest === UNREACHED) continue;
    const { group, cost } = starts[at] as Start;
    if (cost + rest >= (least[group] as number)) continue;
    least[group] = cost + rest;
    best[group] = at;
  }
  return [...best.filter((at) => at !== -1)];
}

function edgesFrom({ graph }: StateGraph, node: number): readonly number[] {
  const first = graph.out.start[node] as number;
  return Array.from({ length: (graph.out.start[node + 1] as number) - first }, (_, at) => first + at);
}

function rankOf({ graph }: StateGraph, edge: number): number {
  return graph.ranks[edge] as number;
}

function startsOf(states: StateGraph, entry: number, groups: Map<string, number>): readonly Start[] {
  const { graph } = states;
  const step = states.stepAt(entry);
  const node = graph.heads[entry] as number;
  const beginnings = isKnock(step) ? edgesFrom(states, node).map((first) => [entry, first]) : [[entry]];
  return beginnings.map((edges): Start => {
    const pivot = pivotOfEdges(states, edges);
    const name = `${pivot.key}\n${step.to.asset}`;
    const group = groups.get(name) ?? groups.size;
    groups.set(name, group);
    return {
      pivot,
      group,
      edges,
      cost: edges.reduce((sum, edge) => sum + (graph.costs[edge] as number), 0),
      node: graph.heads[edges.at(-1) as number] as number,
    };
  });
}

/** The nodes of the states that include what is wanted of a target. */
function nodesOfTarget({ state }: Target, states: StateGraph): readonly number[] {
  return states.statesOf(state.asset).flatMap((held) => {
    const node = includesState(held, state) ? states.nodeOf(held) : null;
    return node === null ? [] : [node];
  });
}
