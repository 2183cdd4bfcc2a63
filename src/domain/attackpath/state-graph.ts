import { compareBytes, compareInOrder } from '#base/compare.ts';
import { buildGates, type Gates } from '#graph/gates.ts';
import { buildGraph, type EdgeList, type Graph } from '#graph/graph.ts';
import { breadthFirstNumbers, renumberEdges } from '#graph/renumber.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { costOfProbability } from './likelihood.ts';
import { includesState, type State, stateKey } from './state.ts';

/**
 * The states that steps lead through, as a graph of numbers, and what the numbers mean (attack-paths §1.4, §4.6 step 1).
 * Only states that a step begins in or leads to, and origins, are nodes. Who holds a capability can take the steps of the
 * lower ones, so a step begins in every state that includes its own: no edge stands for merely having less.
 *
 * It is the same for the same steps in whatever order they come and however often: edges are listed by rule, states and
 * gates, and ties between paths fall by that list.
 */
export class StateGraph {
  readonly graph: Graph;
  readonly gates: Gates;
  readonly #states: readonly State[];
  readonly #numbers: ReadonlyMap<string, number>;
  /** The steps by the index of their edge in the list that the graph was made of. */
  readonly #listed: readonly AttackStep[];
  readonly #gateList: readonly Gate[];
  readonly #byAsset: ReadonlyMap<string, readonly State[]>;
  readonly #stepsByStart: ReadonlyMap<string, readonly AttackStep[]>;

  constructor(steps: readonly AttackStep[], origins: readonly State[]) {
    const distinct = distinctSteps(steps);
    const states = distinctStates([...origins, ...distinct.flatMap(({ from, to }) => [from, to])]);
    const edges = edgesOf(distinct, states);
    const list: EdgeList = {
      nodeCount: states.length,
      tails: Int32Array.from(edges, ({ tail }) => tail),
      heads: Int32Array.from(edges, ({ head }) => head),
      costs: Uint8Array.from(edges, ({ step }) => costOfProbability(step.probability)),
    };
    const roots = states.flatMap(({ family }, number) => (family === 'origin' ? [number] : []));
    const renumbered = breadthFirstNumbers(buildGraph(list), roots);
    const ordered: State[] = [];
    for (const [number, state] of states.entries()) ordered[renumbered[number] as number] = state;
    this.#states = ordered;
    this.#numbers = new Map(ordered.map((state, number) => [stateKey(state), number]));
    this.#listed = edges.map(({ step }) => step);
    this.#byAsset = Map.groupBy(states, ({ asset }) => asset);
    this.#stepsByStart = Map.groupBy(distinct, ({ from }) => stateKey(from));
    this.graph = buildGraph(renumberEdges(list, renumbered));
    const gateNumbers = new Map<string, number>();
    const gateList: Gate[] = [];
    const gatesOfEdge = this.#listed.map(({ gates }) =>
      [...new Map(gates.map((gate) => [gateKey(gate), gate]))].map(([key, gate]) => {
        const known = gateNumbers.get(key);
        if (known !== undefined) return known;
        gateNumbers.set(key, gateList.length);
        return gateList.push(gate) - 1;
      }),
    );
    this.#gateList = gateList;
    this.gates = buildGates(this.graph, gateList.length, gatesOfEdge);
  }

  /** The node of a state; null when no step and no origin knows it. */
  nodeOf(state: State): number | null {
    return this.#numbers.get(stateKey(state)) ?? null;
  }

  stateAt(node: number): State {
    return this.#states[node] as State;
  }

  /** What may be held of an asset, as far as any step or origin says. */
  statesOf(asset: string): readonly State[] {
    return this.#byAsset.get(asset) ?? [];
  }

  /** The steps that begin in this very state, in the order of their edges. */
  stepsFrom(state: State): readonly AttackStep[] {
    return this.#stepsByStart.get(stateKey(state)) ?? [];
  }

  /** The step of an edge. One step has an edge for each state that includes the one that it begins in. */
  stepAt(edge: number): AttackStep {
    return this.#listed[this.graph.ranks[edge] as number] as AttackStep;
  }

  gateAt(gate: number): Gate {
    return this.#gateList[gate] as Gate;
  }
}

interface Edge {
  readonly tail: number;
  readonly head: number;
  readonly step: AttackStep;
}

function gateKey({ is, id }: Gate): string {
  return `${is} ${id}`;
}

function gatesKey({ gates }: AttackStep): string {
  return JSON.stringify(gates.map(gateKey).sort(compareBytes));
}

/** In the order of rule, states and gates; of steps that agree in all of these the likeliest alone. */
function distinctSteps(steps: readonly AttackStep[]): readonly AttackStep[] {
  const keyed = steps.map((step) => ({
    step,
    keys: [step.rule, stateKey(step.from), stateKey(step.to), gatesKey(step)] as const,
  }));
  const sameKeys = compareInOrder<(typeof keyed)[number]>(
    [0, 1, 2, 3].map((key) => (a, b) => compareBytes(a.keys[key] as string, b.keys[key] as string)),
  );
  return keyed
    .toSorted((a, b) => sameKeys(a, b) || b.step.probability - a.step.probability)
    .filter((one, index, all) => index === 0 || sameKeys(all[index - 1] as typeof one, one) !== 0)
    .map(({ step }) => step);
}

function distinctStates(states: readonly State[]): readonly State[] {
  return [...new Map(states.map((state) => [stateKey(state), state]))]
    .toSorted(([a], [b]) => compareBytes(a, b))
    .map(([, state]) => state);
}

function edgesOf(steps: readonly AttackStep[], states: readonly State[]): readonly Edge[] {
  const numbers = new Map(states.map((state, number) => [stateKey(state), number]));
  const ofAsset = Map.groupBy(states, ({ asset }) => asset);
  return steps.flatMap((step) => {
    const head = numbers.get(stateKey(step.to)) as number;
    return (ofAsset.get(step.from.asset) ?? [])
      .filter((held) => includesState(held, step.from))
      .map((held) => ({ tail: numbers.get(stateKey(held)) as number, head, step }));
  });
}
