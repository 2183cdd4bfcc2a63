import { addToList } from '#base/list-map.ts';
import type { Graph } from '#graph/graph.ts';
import { uint8s } from '#graph/large-array.ts';
import { PathsAround } from '#graph/paths-around.ts';
import { pathTo, shortestPaths, UNREACHED } from '#graph/shortest-paths.ts';
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

/** The best ways from nodes of a part to one target. */
type PathsBack = Pick<PathsAround, 'costOf' | 'hopsOf' | 'pathTo'>;

/** The best way from a group to a target. */
interface BestWay {
  readonly group: StartGroup;
  readonly start: Start;
  /** Null where it is too long to be told. */
  readonly way: WayOverEdges | null;
}

/** What is found of one target while all gates are open, and what finds it around what is closed. */
interface OpenWays {
  readonly paths: PathsAround;
  readonly ways: readonly BestWay[];
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
  /** By target, null where nothing leads to it; not looked for until something is asked. */
  #open: readonly (OpenWays | null)[] | null = null;
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
    for (const ways of opens ? this.#anew(closed) : this.#around(closed))
      for (const { way } of ways) found.add(way);
    return found.told(null);
  }

  #anew(closed: Uint8Array): readonly (readonly BestWay[])[] {
    const part = this.#partLeading(closed);
    return this.#wanted.map((_, target) => {
      const paths = pathsBack(part.graph, this.#endsOf(target, part));
      return part.groups.flatMap((group) => this.#bestWay(target, group, part, paths) ?? []);
    });
  }

  #around(closed: Uint8Array): readonly (readonly BestWay[])[] {
    const part = this.#part;
    this.#open ??= this.#wanted.map((_, target) => this.#openWaysTo(target));
    const ownClosed = maskOfPart(part, closed);
    return this.#open.map((open, target) => {
      if (open === null) return [];
      const { paths, ways } = open;
      paths.close(ownClosed);
      const isKept = ({ start: { edges, node } }: BestWay): boolean =>
        isAllOpen(edges, closed) && paths.keeps(part.numbers[node] as number);
      const kept = ways.map(isKept);
      paths.expect(kept.filter((each) => !each).length);
      return ways.flatMap((way, at) =>
        kept[at] ? way : (this.#bestWay(target, way.group, part, paths, closed) ?? []),
      );
    });
  }

  #openWaysTo(target: number): OpenWays | null {
    const part = this.#part;
    const ends = this.#endsOf(target, part);
    if (ends.length === 0) return null;
    const paths = new PathsAround(part.graph, ends, 'backward');
    return { paths, ways: part.groups.flatMap((group) => this.#bestWay(target, group, part, paths) ?? []) };
  }

  #endsOf(target: number, { numbers }: Subgraph): readonly number[] {
    const { nodes } = this.#wanted[target] as WantedNodes;
    return nodes.map((node) => numbers[node] as number).filter((number) => number !== -1);
  }

  /** Of starts from which the target is as near, the first; null where it is reached from none. */
  #bestWay(
    index: number,
    group: StartGroup,
    part: Subgraph,
    paths: PathsBack,
    closed?: Uint8Array,
  ): BestWay | null {
    let best: Start | null = null;
    let least = UNREACHED;
    for (const start of group.starts) {
      if (closed !== undefined && !isAllOpen(start.edges, closed)) continue;
      const rest = paths.costOf(part.numbers[start.node] as number);
      if (rest === UNREACHED || start.cost + rest >= least) continue;
      least = start.cost + rest;
      best = start;
    }
    if (best === null) return null;
    const start = best;
    const place = part.numbers[start.node] as number;
    if (start.edges.length + paths.hopsOf(place) > STEPS_MAX) return { group, start, way: null };
    const edges = joined(start.edges, paths.pathTo(place) as Int32Array, part);
    const { target } = this.#wanted[index] as WantedNodes;
    const way = this.#known.over(
      index * this.#groups.length + group.number,
      edges,
      () => new WayOverEdges(this.#states, edges, target, least, start.pivot),
    );
    return { group, start, way };
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

function pathsBack(graph: Graph, ends: readonly number[]): PathsBack {
  const found = shortestPaths(graph, ends, { direction: 'backward' });
  return {
    costOf: (node) => found.costs[node] as number,
    hopsOf: (node) => found.hops[node] as number,
    pathTo: (node) => pathTo(graph, found, node),
  };
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
