import { maskOfGates } from '#graph/gates.ts';
import type { Graph } from '#graph/graph.ts';
import { int32s, uint8s } from '#graph/large-array.ts';
import { reach } from '#graph/reach.ts';
import { AlternativeWays } from './alternative-ways.ts';
import type { AttackStep } from './attack-step.ts';
import { LikeliestWays } from './likeliest-ways.ts';
import { closeWaysBack, type OutsideNode, outsideNodes } from './outside-nodes.ts';
import { includesState } from './state.ts';
import { StateGraph } from './state-graph.ts';
import { stepRule } from './step-rules.ts';
import type { Target } from './target.ts';
import type { FoundWays, WantedNodes } from './way.ts';

/**
 * Alternatives are looked for where searches backwards from all targets meet no more nodes and edges than that, or than so many for
 * each edge of a larger estate: a what-if among them then takes no longer than one among the likeliest ways (attack-paths §4.6 step
 * 7, §6.4).
 */
const VISITS_MAX = 200_000;
const VISITS_EACH = 0.4;

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
  readonly #outside: readonly OutsideNode[];
  readonly #ways: AlternativeWays | LikeliestWays;
  /** By edge: what is closed by what was asked last. */
  readonly #closed: Uint8Array;

  constructor(steps: readonly AttackStep[], targets: readonly Target[], visitsMax?: number) {
    const states = new StateGraph(
      steps,
      targets.map(({ state }) => state),
    );
    const { graph } = states;
    const entryEdges = states.origins
      .flatMap((origin) => states.edgesFrom(origin))
      .filter((edge) => stepRule(states.stepAt(edge).rule).category === 'entry')
      .sort((a, b) => (graph.ranks[a] as number) - (graph.ranks[b] as number));
    const origins = [...new Set(entryEdges.map((edge) => graph.tails[edge] as number))];
    const wanted = targets.map((target) => ({ target, nodes: nodesOfTarget(target, states) }));
    this.states = states;
    this.#outside = outsideNodes(states, entryEdges);
    this.#closed = uint8s(graph.edgeCount);
    const closed = this.#mask([]);
    const most = visitsMax ?? Math.max(VISITS_MAX, VISITS_EACH * graph.edgeCount);
    this.#ways = exceedsVisits(graph, origins, wanted, closed, most)
      ? new LikeliestWays(states, origins, wanted)
      : new AlternativeWays(states, entryEdges, wanted, closed);
  }

  /** With some gates closed, by their numbers. */
  ways(gates: readonly number[] = []): FoundWays {
    return this.#ways.ways(this.#mask(gates));
  }

  /** What is closed: by a gate, or because outsiders get to its end by themselves, so that it leads round in circles. */
  #mask(gates: readonly number[]): Uint8Array {
    const mask = maskOfGates(this.states.gates, gates, this.#closed);
    closeWaysBack(this.#outside, mask);
    return mask;
  }
}

/** Whether searches backwards from each target meet more nodes and edges that are reached than that. */
function exceedsVisits(
  graph: Graph,
  origins: readonly number[],
  wanted: readonly WantedNodes[],
  closed: Uint8Array,
  visitsMax: number,
): boolean {
  const { hops } = reach(graph, origins, { closed });
  const { start, nodes, edges } = graph.into;
  const queue = int32s(graph.nodeCount);
  /** By node: the number of the target whose search met it last. */
  const met = int32s(graph.nodeCount);
  let visits = 0;
  for (const [at, { nodes: ends }] of wanted.entries()) {
    let count = 0;
    const meet = (node: number): void => {
      if (met[node] === at + 1) return;
      met[node] = at + 1;
      queue[count++] = node;
      visits++;
    };
    ends.forEach(meet);
    for (let next = 0; next < count; next++) {
      if (visits > visitsMax) return true;
      const node = queue[next] as number;
      const last = start[node + 1] as number;
      for (let slot = start[node] as number; slot < last; slot++) {
        if (closed[edges[slot] as number] === 1 || hops[nodes[slot] as number] === -1) continue;
        visits++;
        meet(nodes[slot] as number);
      }
    }
  }
  return false;
}

/** The nodes of the states that include what is wanted of a target. */
function nodesOfTarget({ state }: Target, states: StateGraph): readonly number[] {
  return states.statesOf(state.asset).flatMap((held) => {
    const node = includesState(held, state) ? states.nodeOf(held) : null;
    return node === null ? [] : [node];
  });
}
