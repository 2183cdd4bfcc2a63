import { addToList } from '#base/list-map.ts';
import { uint8s } from '#graph/large-array.ts';
import { pathTo, type ShortestPaths, shortestPaths, UNREACHED } from '#graph/shortest-paths.ts';
import { onTheWay, type Subgraph } from '#graph/subgraph.ts';
import { KnownWays } from './known-ways.ts';
import type { StateGraph } from './state-graph.ts';
import {
  type FoundWays,
  isKnock,
  type Pivot,
  pivotOfEdges,
  STEPS_MAX,
  type WantedNodes,
  WayList,
  WayOverEdges,
} from './way.ts';

/** How somebody gets to the first thing that is theirs: by an entry, and by a flaw where it takes one. */
interface Start {
  readonly pivot: Pivot;
  readonly edges: readonly number[];
  readonly cost: number;
  readonly node: number;
}

/** All starts over one pivot by one entry, of which a way tells the best. */
interface StartGroup {
  readonly number: number;
  readonly starts: readonly Start[];
}

/** What leads to targets while some edges are closed, and the groups of the starts from which it does. */
interface LeadingPart extends Subgraph {
  readonly groups: readonly StartGroup[];
}

/** The best way from a group to a target. */
interface BestWay {
  readonly group: StartGroup;
  readonly edges: Int32Array;
  /** Null where it is too long to be told. */
  readonly way: WayOverEdges | null;
}

/**
 * The best way from each entry over each pivot to each target, for any edges that are closed: one search backwards from a target
 * answers for all starts at once. What is closed takes ways away and makes no other one better, so that each is looked for again
 * only where it is gone.
 */
export class AlternativeWays {
  readonly #states: StateGraph;
  readonly #wanted: readonly WantedNodes[];
  readonly #groups: readonly StartGroup[];
  /** What is closed while all gates are open. */
  readonly #closed: readonly number[];
  /** While all gates are open. */
  readonly #part: LeadingPart;
  /** By target, while all gates are open; not looked for until something is asked. */
  #open: readonly (readonly BestWay[])[] | null = null;
  /** By target and group. */
  readonly #known = new KnownWays();

  /** `closed` is what is closed while all gates are open: by edge, 1 = closed. */
  constructor(
    states: StateGraph,
    entryEdges: readonly number[],
    wanted: readonly WantedNodes[],
    closed: Uint8Array,
  ) {
    this.#states = states;
    this.#wanted = wanted;
    this.#groups = groupsOf(states, entryEdges);
    this.#closed = closedEdges(closed);
    this.#part = this.#partLeading(closed);
  }

  /** By edge, 1 = closed. */
  ways(closed: Uint8Array): FoundWays {
    // What is closed while all gates are open may open, as a way in that is no longer one itself.
    const opens = this.#closed.some((edge) => closed[edge] === 0);
    const found = new WayList();
    for (const ways of opens ? this.#allThrough(this.#partLeading(closed)) : this.#around(closed))
      for (const { way } of ways) found.add(way);
    return found.told(null);
  }

  #allThrough(part: LeadingPart): readonly (readonly BestWay[])[] {
    return this.#wanted.map((_, target) => this.#bestWays(target, part.groups, part));
  }

  #around(closed: Uint8Array): readonly (readonly BestWay[])[] {
    const part = this.#part;
    this.#open ??= this.#allThrough(part);
    let mask: Uint8Array | null = null;
    return this.#open.map((ways, target) => {
      const gone = ways.filter(({ edges }) => !isAllOpen(edges, closed)).map(({ group }) => group);
      if (gone.length === 0) return ways;
      mask ??= maskOfPart(part, closed);
      const open = withStarts(gone, ({ edges }) => isAllOpen(edges, closed));
      const instead = new Map(this.#bestWays(target, open, part, mask).map((way) => [way.group.number, way]));
      const isGone = new Set(gone);
      return ways.flatMap((way) => (isGone.has(way.group) ? (instead.get(way.group.number) ?? []) : way));
    });
  }

  /** From each of these groups, all of whose starts are open; `closed` is by edge of the part. */
  #bestWays(
    target: number,
    groups: readonly StartGroup[],
    part: Subgraph,
    closed?: Uint8Array,
  ): readonly BestWay[] {
    const { nodes } = this.#wanted[target] as WantedNodes;
    const ends = nodes.map((node) => part.numbers[node] as number).filter((number) => number !== -1);
    if (ends.length === 0) return [];
    const back = shortestPaths(part.graph, ends, { direction: 'backward', closed });
    return groups.flatMap((group) => this.#bestWay(target, group, part, back) ?? []);
  }

  /** Of starts from which the target is as near, the first; null where it is reached from none. */
  #bestWay(index: number, group: StartGroup, part: Subgraph, back: ShortestPaths): BestWay | null {
    let best: Start | null = null;
    let least = UNREACHED;
    for (const start of group.starts) {
      const rest = back.costs[part.numbers[start.node] as number] as number;
      if (rest === UNREACHED || start.cost + rest >= least) continue;
      least = start.cost + rest;
      best = start;
    }
    if (best === null) return null;
    const { pivot, node } = best;
    const rest = pathTo(part.graph, back, part.numbers[node] as number) as Int32Array;
    const edges = joined(best.edges, rest, part);
    if (edges.length > STEPS_MAX) return { group, edges, way: null };
    const { target } = this.#wanted[index] as WantedNodes;
    const way = this.#known.over(
      index * this.#groups.length + group.number,
      edges,
      () => new WayOverEdges(this.#states, edges, target, least, pivot),
    );
    return { group, edges, way };
  }

  /** All that leads to a target from a start that is open. */
  #partLeading(closed: Uint8Array): LeadingPart {
    const open = withStarts(this.#groups, ({ edges }) => isAllOpen(edges, closed));
    const part = onTheWay(
      this.#states.graph,
      open.flatMap(({ starts }) => starts.map(({ node }) => node)),
      this.#wanted.flatMap(({ nodes }) => nodes),
      closed,
    );
    return { ...part, groups: withStarts(open, ({ node }) => part.numbers[node] !== -1) };
  }
}

function closedEdges(closed: Uint8Array): readonly number[] {
  const edges: number[] = [];
  for (let edge = closed.indexOf(1); edge !== -1; edge = closed.indexOf(1, edge + 1)) edges.push(edge);
  return edges;
}

/** Edges of the whole graph, then those of a part, as edges of the whole. */
function joined(first: readonly number[], rest: Int32Array, part: Subgraph): Int32Array {
  const edges = new Int32Array(first.length + rest.length);
  edges.set(first);
  for (let at = 0; at < rest.length; at++)
    edges[first.length + at] = part.edges[rest[at] as number] as number;
  return edges;
}

function maskOfPart({ edges }: Subgraph, closed: Uint8Array): Uint8Array {
  const mask = uint8s(edges.length);
  for (let own = 0; own < edges.length; own++) mask[own] = closed[edges[own] as number] as number;
  return mask;
}

function isAllOpen(edges: ArrayLike<number>, closed: Uint8Array): boolean {
  for (let at = 0; at < edges.length; at++) if (closed[edges[at] as number] === 1) return false;
  return true;
}

function withStarts(groups: readonly StartGroup[], has: (start: Start) => boolean): readonly StartGroup[] {
  return groups
    .map(({ number, starts }) => ({ number, starts: starts.filter(has) }))
    .filter(({ starts }) => starts.length > 0);
}

function groupsOf(states: StateGraph, entryEdges: readonly number[]): readonly StartGroup[] {
  const groups = new Map<string, Start[]>();
  for (const entry of entryEdges) {
    const { to } = states.stepAt(entry);
    for (const start of startsOf(states, entry)) addToList(groups, `${start.pivot.key}\n${to.asset}`, start);
  }
  return [...groups.values()].map((starts, number) => ({ number, starts }));
}

function startsOf(states: StateGraph, entry: number): readonly Start[] {
  const { graph } = states;
  const node = graph.heads[entry] as number;
  const beginnings = isKnock(states.stepAt(entry))
    ? states.edgesFrom(node).map((first) => [entry, first])
    : [[entry]];
  return beginnings.map((edges) => ({
    pivot: pivotOfEdges(states, edges),
    edges,
    cost: edges.reduce((sum, edge) => sum + (graph.costs[edge] as number), 0),
    node: graph.heads[edges.at(-1) as number] as number,
  }));
}
