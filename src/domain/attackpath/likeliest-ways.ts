import { getOrMake } from '#base/get-or-make.ts';
import { PathsAround } from '#graph/paths-around.ts';
import { UNREACHED } from '#graph/shortest-paths.ts';
import { KnownWays } from './known-ways.ts';
import type { StateGraph } from './state-graph.ts';
import type { Target } from './target.ts';
import {
  type FoundWays,
  type Pivot,
  pivotOfEdges,
  STEPS_MAX,
  type WantedNodes,
  WayList,
  WayOverEdges,
} from './way.ts';

/** The likeliest way to each target, for any edges that are closed: one search from the origins leads to them all. */
export class LikeliestWays {
  readonly #states: StateGraph;
  readonly #wanted: readonly WantedNodes[];
  readonly #paths: PathsAround;
  /** By the index of the target. */
  readonly #known = new KnownWays();
  /** By the first two edges. */
  readonly #pivots = new Map<number, Pivot>();

  constructor(states: StateGraph, origins: readonly number[], wanted: readonly WantedNodes[]) {
    this.#states = states;
    this.#wanted = wanted;
    this.#paths = new PathsAround(states.graph, origins);
  }

  /** By edge, 1 = closed. */
  ways(closed: Uint8Array): FoundWays {
    this.#paths.close(closed);
    const found = new WayList();
    for (const [index, { target, nodes }] of this.#wanted.entries()) {
      const node = this.#nearest(nodes);
      if (node === null) continue;
      found.add(this.#paths.hopsOf(node) > STEPS_MAX ? null : this.#wayTo(node, index, target));
    }
    return found.told(this.#wanted.length);
  }

  /** The one at the least cost, of several the first; null where none is reached. */
  #nearest(nodes: readonly number[]): number | null {
    let best: number | null = null;
    let least = UNREACHED;
    for (const node of nodes) {
      const cost = this.#paths.costOf(node);
      if (cost >= least) continue;
      least = cost;
      best = node;
    }
    return best;
  }

  #wayTo(node: number, index: number, target: Target): WayOverEdges {
    const edges = this.#paths.pathTo(node) as Int32Array;
    return this.#known.over(
      index,
      edges,
      () => new WayOverEdges(this.#states, edges, target, this.#paths.costOf(node), this.#pivotOf(edges)),
    );
  }

  /** Many ways begin alike, and steps lie scattered in memory. */
  #pivotOf(edges: Int32Array): Pivot {
    const second = edges.length > 1 ? (edges[1] as number) + 1 : 0;
    const key = (edges[0] as number) * (this.#states.graph.edgeCount + 1) + second;
    return getOrMake(this.#pivots, key, () => pivotOfEdges(this.#states, edges));
  }
}
