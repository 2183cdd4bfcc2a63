import { compareBytes, compareInOrder } from '#base/compare.ts';
import { counted } from '#base/text.ts';
import { DynamicDistances } from '#graph/dynamic-distances.ts';
import { maskOfGates } from '#graph/gates.ts';
import { uint8s } from '#graph/large-array.ts';
import { reach } from '#graph/reach.ts';
import { pathTo, type ShortestPaths, shortestPaths, UNREACHED } from '#graph/shortest-paths.ts';
import { onTheWay, type Subgraph } from '#graph/subgraph.ts';
import type { ResourceIdentity } from '../resource/resource-key.ts';
import type { AttackStep } from './attack-step.ts';
import { includesState, stateKey } from './state.ts';
import { StateGraph } from './state-graph.ts';
import { stepRule } from './step-rules.ts';
import type { Target } from './target.ts';
import { wholeOf } from './whole-of.ts';

/** The best way from one entry over one pivot to one target. */
export interface Way {
  readonly pivot: string;
  readonly target: Target;
  /** Of all steps together. */
  readonly cost: number;
  readonly steps: readonly AttackStep[];
}

/** All ways, and what was left out of them, in sentences. */
export interface FoundWays {
  readonly ways: readonly Way[];
  readonly notes: readonly string[];
}

/** Longer ways are none that anybody would go (attack-paths §4.6 step 7). */
export const STEPS_MAX = 12;
/** Ways that are told apart; those to further targets are counted. */
const WAYS_MAX = 50_000;
/** Visits of edges by searches backwards, one for each target: half a second or so. */
const VISITS_MAX = 40_000_000;

/** How somebody gets to the first thing that is theirs: by an entry, and by a flaw where it takes one. */
interface Start {
  readonly pivot: string;
  /** The number of what the pivot and the entry are together. */
  readonly group: number;
  readonly edges: readonly number[];
  readonly cost: number;
  readonly node: number;
}

/** A target, and the nodes of the states that include what is wanted of it. */
interface WantedNodes {
  readonly target: Target;
  readonly nodes: readonly number[];
}

/** The likeliest way to a target as it was found once, and over which edges. */
interface FoundWay {
  readonly edges: Int32Array;
  readonly way: Way;
}

/** The best ways from the origins, and the numbers of the gates that were closed. */
interface AskedDistances {
  readonly gates: ReadonlySet<number>;
  readonly distances: DynamicDistances;
}

/** A node that outsiders get to by themselves: by which edges, and by which others somebody inside would come back to it. */
interface OutsideNode {
  readonly entries: readonly number[];
  readonly others: readonly number[];
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
  readonly #isDense: boolean;
  /** By edge: what is closed by what was asked last. */
  readonly #closed: Uint8Array;
  /** Of what was asked first, which is with all gates open for most; null where alternatives are looked for. */
  #first: AskedDistances | null = null;
  /** Of what was asked last after that. */
  #last: AskedDistances | null = null;
  /** By the index of the target: the likeliest way that was found first, and the one that was found last. */
  readonly #found = new Map<number, readonly FoundWay[]>();
  /** Of all ways, by target and edges: one that is found again is the same. */
  readonly #known = new Map<string, Way>();

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
    this.#isDense = this.#sizeOnTheWay(this.#mask([])) * targets.length > visitsMax;
    const groups = new Map<string, number>();
    this.#starts = this.#isDense ? [] : entryEdges.flatMap((entry) => startsOf(states, entry, groups));
    this.#groups = groups.size;
  }

  /** With some gates closed, by their numbers. */
  ways(gates: readonly number[] = []): FoundWays {
    if (this.#known.size > 2 * WAYS_MAX) this.#known.clear();
    const mask = this.#mask(gates);
    return this.#isDense ? this.#likeliest(this.#distancesBehind(mask, new Set(gates))) : this.#all(mask);
  }

  /** What is closed: by a gate, or because outsiders get to its end by themselves, so that it leads round in circles. */
  #mask(gates: readonly number[]): Uint8Array {
    const mask = maskOfGates(this.states.gates, gates, this.#closed);
    for (const { entries, others } of this.#outside)
      if (entries.some((edge) => mask[edge] === 0)) for (const edge of others) mask[edge] = 1;
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
    for (const node of order)
      if (back.hops[node] !== -1)
        size += 1 + (graph.out.start[node + 1] as number) - (graph.out.start[node] as number);
    return size;
  }

  #targetNodes(): readonly number[] {
    return this.#wanted.flatMap(({ nodes }) => nodes);
  }

  #all(mask: Uint8Array): FoundWays {
    const part = this.#onTheWay(mask);
    const numbers = new Map([...part.nodes].map((node, number) => [node, number]));
    const starts = this.#open(mask).filter(({ node }) => numbers.has(node));
    const places = Int32Array.from(starts, ({ node }) => numbers.get(node) as number);
    const found = new WayList();
    for (const [index, { target, nodes }] of this.#wanted.entries()) {
      const ends = nodes.flatMap((node) => numbers.get(node) ?? []);
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

  #likeliest(distances: DynamicDistances): FoundWays {
    const found = new WayList();
    for (const [index, { target, nodes }] of this.#wanted.entries()) {
      const node = nearest(nodes, distances);
      if (node === null || !found.takes(distances.hopsOf(node))) continue;
      found.add(this.#likeliestTo(node, index, target, distances));
    }
    return found.told(this.#wanted.length);
  }

  #likeliestTo(node: number, index: number, target: Target, distances: DynamicDistances): Way {
    const found = this.#found.get(index) ?? [];
    const same = found.find(({ edges }) => distances.isPathTo(node, edges));
    if (same !== undefined) return same.way;
    const edges = distances.pathTo(node) as Int32Array;
    const way = this.#wayOver(edges, target, distances.costOf(node), pivotOfEdges(this.states, edges));
    const last = { edges, way };
    this.#found.set(index, [found[0] ?? last, last]);
    return way;
  }

  /** The same where it was found before. */
  #wayOf(index: number, target: Target, edges: readonly number[], cost: number, pivot: string): Way {
    const key = `${index} ${edges.join(' ')}`;
    const way = this.#known.get(key) ?? this.#wayOver(edges, target, cost, pivot);
    this.#known.set(key, way);
    return way;
  }

  #wayOver(edges: ArrayLike<number>, target: Target, cost: number, pivot: string): Way {
    return { pivot, target, cost, steps: Array.from(edges, (edge) => this.states.stepAt(edge)) };
  }

  /** From what was asked first or from what was asked last: what less has to change of. */
  #distancesBehind(mask: Uint8Array, gates: ReadonlySet<number>): DynamicDistances {
    if (this.#first === null) {
      this.#first = { gates, distances: new DynamicDistances(this.states.graph, this.#origins, mask) };
      return this.#first.distances;
    }
    const first = this.#first;
    const last = this.#last ?? { gates: first.gates, distances: first.distances.copy() };
    const { distances } = last;
    this.#last = { gates, distances };
    if (this.#edgesBetween(first.gates, gates) < this.#edgesBetween(last.gates, gates))
      distances.becomeAs(first.distances, mask);
    else distances.flip(distances.differencesTo(mask));
    return distances;
  }

  /** How many edges the gates have that are closed in one of both alone. */
  #edgesBetween(some: ReadonlySet<number>, others: ReadonlySet<number>): number {
    const { edgeStart } = this.states.gates;
    let edges = 0;
    const count = (gate: number, closed: ReadonlySet<number>): void => {
      if (!closed.has(gate)) edges += (edgeStart[gate + 1] as number) - (edgeStart[gate] as number);
    };
    for (const gate of some) count(gate, others);
    for (const gate of others) count(gate, some);
    return edges;
  }
}

/** The ways that are found, and how many were left out. */
class WayList {
  readonly #ways: Way[] = [];
  #tooLong = 0;
  #more = 0;

  /** Whether a way of so many steps is told; one that is not is counted. */
  takes(steps: number): boolean {
    if (this.#ways.length >= WAYS_MAX) this.#more++;
    else if (steps > STEPS_MAX) this.#tooLong++;
    else return true;
    return false;
  }

  add(way: Way): void {
    this.#ways.push(way);
  }

  /** `dense` is the number of targets where alternatives were not looked for. */
  told(dense: number | null): FoundWays {
    const notes: string[] = [];
    const are = (count: number): string => (count === 1 ? 'is' : 'are');
    if (this.#tooLong > 0)
      notes.push(
        `${counted(this.#tooLong, 'way')} of more than ${STEPS_MAX} steps ${are(this.#tooLong)} left out.`,
      );
    if (this.#more > 0)
      notes.push(`${counted(this.#more, 'way')} beyond the first ${WAYS_MAX} ${are(this.#more)} left out.`);
    if (dense !== null)
      notes.push(
        `So much leads to ${counted(dense, 'target')} that to each only the likeliest way was looked for: other ways are left out.`,
      );
    return { ways: this.#ways, notes };
  }
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

function outsideNodes(states: StateGraph, entryEdges: readonly number[]): readonly OutsideNode[] {
  const { graph } = states;
  const isEntry = new Set(entryEdges);
  const nodes = new Set(
    entryEdges.flatMap((edge) => {
      const { to } = states.stepAt(edge);
      return to.capability === 'reach' || to.family === 'principal' ? [graph.heads[edge] as number] : [];
    }),
  );
  return [...nodes].map((node) => {
    const arriving = [
      ...graph.into.edges.subarray(graph.into.start[node] as number, graph.into.start[node + 1] as number),
    ];
    return {
      entries: arriving.filter((edge) => isEntry.has(edge)),
      others: arriving.filter((edge) => !isEntry.has(edge)),
    };
  });
}

/** Whether outsiders may do no more there than send requests, so that a flaw has to follow. */
function isKnock({ to }: AttackStep): boolean {
  return to.family === 'workload' && to.capability === 'reach';
}

function pivotOfEdges(states: StateGraph, edges: ArrayLike<number>): string {
  const [entry, first] = [edges[0], edges[1]];
  const { to } = states.stepAt(entry as number);
  // What closes a part closes its whole, and parts come and go.
  if (first === undefined || !isKnock(states.stepAt(entry as number))) return wholeOf(to.asset) ?? to.asset;
  return states.stepAt(first).flawed?.key ?? to.asset;
}

function startsOf(states: StateGraph, entry: number, groups: Map<string, number>): readonly Start[] {
  const { graph } = states;
  const step = states.stepAt(entry);
  const node = graph.heads[entry] as number;
  const beginnings = isKnock(step) ? edgesFrom(states, node).map((first) => [entry, first]) : [[entry]];
  return beginnings.map((edges): Start => {
    const pivot = pivotOfEdges(states, edges);
    const name = `${pivot}\n${step.to.asset}`;
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

/** Likeliest first; ties by fewer steps, then by names. */
export const byLikelihood = compareInOrder<Way>([
  (a, b) => a.cost - b.cost,
  (a, b) => a.steps.length - b.steps.length,
  compareNames,
]);

/** Of as many steps: one after another, as most differ early. */
function compareNames(a: Way, b: Way): number {
  for (const [index, step] of a.steps.entries()) {
    const other = b.steps[index] as AttackStep;
    if (step === other) continue;
    const order = compareBytes(step.rule, other.rule) || compareBytes(stateKey(step.to), stateKey(other.to));
    if (order !== 0) return order;
  }
  return compareBytes(stateKey(a.target.state), stateKey(b.target.state));
}

/** What a pivot is called, from the steps of one of its ways. */
export function pivotOf({ pivot, steps }: Way, named: (key: string) => ResourceIdentity): ResourceIdentity {
  return steps.find(({ flawed }) => flawed?.key === pivot)?.flawed ?? named(pivot);
}
