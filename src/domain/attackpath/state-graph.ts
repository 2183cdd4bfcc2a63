import { compareBytes } from '#base/compare.ts';
import { buildGates, type Gates } from '#graph/gates.ts';
import { buildGraph, type EdgeList, type Graph, startsOf } from '#graph/graph.ts';
import { breadthFirstNumbers, renumberEdges } from '#graph/renumber.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { costOfProbability } from './likelihood.ts';
import type { State } from './state.ts';
import { StateNumbers } from './state-numbers.ts';

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
  readonly #numbers: StateNumbers;
  /** The node by the number of the state. */
  readonly #nodes: Int32Array;
  readonly #states: readonly State[];
  /** The steps by the index of their edge in the list that the graph was made of. */
  readonly #listed: readonly AttackStep[];
  readonly #gateList: readonly Gate[];

  constructor(steps: readonly AttackStep[], origins: readonly State[]) {
    this.#numbers = new StateNumbers(steps, origins);
    const { states } = this.#numbers;
    const { list, listed } = edgesOf(distinctSteps(steps, this.#numbers), this.#numbers);
    const roots = states.flatMap(({ family }, number) => (family === 'origin' ? [number] : []));
    this.#nodes = breadthFirstNumbers(buildGraph(list), roots);
    const ordered = new Array<State>(states.length);
    for (const [number, state] of states.entries()) ordered[this.#nodes[number] as number] = state;
    this.#states = ordered;
    this.#listed = listed;
    this.graph = buildGraph(renumberEdges(list, this.#nodes));
    const gateNumbers = new GateNumbers();
    let last: AttackStep | null = null;
    let own: readonly number[] = [];
    const gatesOfEdge = listed.map((step) => {
      // The edges of one step stand beside each other.
      if (step !== last) own = gateNumbers.of(step);
      last = step;
      return own;
    });
    this.#gateList = gateNumbers.list;
    this.gates = buildGates(this.graph, this.#gateList.length, gatesOfEdge);
  }

  /** The node of a state; null when no step and no origin knows it. */
  nodeOf(state: State): number | null {
    const number = this.#numbers.numberOf(state);
    return number === -1 ? null : (this.#nodes[number] as number);
  }

  stateAt(node: number): State {
    return this.#states[node] as State;
  }

  /** What may be held of an asset, as far as any step or origin says. */
  statesOf(asset: string): readonly State[] {
    return this.#numbers.ofAsset(asset).map((number) => this.#numbers.states[number] as State);
  }

  /** The step of an edge. One step has an edge for each state that includes the one that it begins in. */
  stepAt(edge: number): AttackStep {
    return this.#listed[this.graph.ranks[edge] as number] as AttackStep;
  }

  gateAt(gate: number): Gate {
    return this.#gateList[gate] as Gate;
  }
}

/** Gates by what they are and which; each gets a number when it is first met. */
class GateNumbers {
  readonly list: Gate[] = [];
  readonly #numbers = new Map<Gate['is'], Map<string, number>>();

  of({ gates }: AttackStep): readonly number[] {
    const [first] = gates;
    if (first !== undefined && gates.length === 1) return [this.#numberOf(first)];
    return [...new Set(gates.map((gate) => this.#numberOf(gate)))];
  }

  #numberOf(gate: Gate): number {
    let ofKind = this.#numbers.get(gate.is);
    if (ofKind === undefined) {
      ofKind = new Map();
      this.#numbers.set(gate.is, ofKind);
    }
    const known = ofKind.get(gate.id);
    if (known !== undefined) return known;
    const number = this.list.push(gate) - 1;
    ofKind.set(gate.id, number);
    return number;
  }
}

function gatesKey({ gates }: AttackStep): string {
  return JSON.stringify(gates.map(({ is, id }) => `${is} ${id}`).sort(compareBytes));
}

/** A step with the numbers of its ends. */
interface NumberedSteps {
  readonly steps: readonly AttackStep[];
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** In the order of rule, states and gates; of steps that agree in all of these the likeliest alone. */
function distinctSteps(steps: readonly AttackStep[], numbers: StateNumbers): NumberedSteps {
  const from = Int32Array.from(steps, (step) => numbers.numberOf(step.from));
  const to = Int32Array.from(steps, (step) => numbers.numberOf(step.to));
  const names = [...new Set(steps.map(({ rule }) => rule))].sort(compareBytes);
  const places = new Map(names.map((name, place) => [name, place]));
  const rules = Int32Array.from(steps, ({ rule }) => places.get(rule) as number);
  const count = numbers.states.length;
  let order = Int32Array.from(steps, (_, index) => index);
  // By the last of the keys first: each pass leaves what is equal in the order that it found.
  order = sortedBy(order, to, count);
  order = sortedBy(order, from, count);
  order = sortedBy(order, rules, names.length);
  const kept: number[] = [];
  for (let first = 0; first < order.length; ) {
    const one = order[first] as number;
    let end = first + 1;
    while (end < order.length && isAlike(one, order[end] as number, rules, from, to)) end++;
    if (end === first + 1) kept.push(one);
    else kept.push(...likeliestOfGates(order.subarray(first, end), steps));
    first = end;
  }
  return {
    steps: kept.map((index) => steps[index] as AttackStep),
    from: Int32Array.from(kept, (index) => from[index] as number),
    to: Int32Array.from(kept, (index) => to[index] as number),
  };
}

function isAlike(a: number, b: number, ...keys: readonly Int32Array[]): boolean {
  return keys.every((key) => key[a] === key[b]);
}

/** Of alternatives those of other gates, in the order of these. */
function likeliestOfGates(indices: Int32Array, steps: readonly AttackStep[]): readonly number[] {
  const best = new Map<string, number>();
  for (const index of indices) {
    const step = steps[index] as AttackStep;
    const key = gatesKey(step);
    const known = best.get(key);
    if (known === undefined || step.probability > (steps[known] as AttackStep).probability)
      best.set(key, index);
  }
  return [...best].sort(([a], [b]) => compareBytes(a, b)).map(([, index]) => index);
}

/** A counting sort that keeps the order of what is equal. */
function sortedBy(order: Int32Array, keys: Int32Array, keyCount: number): Int32Array<ArrayBuffer> {
  const place = startsOf(keys, keyCount);
  const sorted = new Int32Array(order.length);
  for (const index of order) {
    const key = keys[index] as number;
    const slot = place[key] as number;
    place[key] = slot + 1;
    sorted[slot] = index;
  }
  return sorted;
}

function edgesOf(
  { steps, from, to }: NumberedSteps,
  numbers: StateNumbers,
): { readonly list: EdgeList; readonly listed: readonly AttackStep[] } {
  const including = numbers.including();
  const tails: number[] = [];
  const heads: number[] = [];
  const costs: number[] = [];
  const listed: AttackStep[] = [];
  for (const [index, step] of steps.entries()) {
    const cost = costOfProbability(step.probability);
    for (const held of including[from[index] as number] as readonly number[]) {
      tails.push(held);
      heads.push(to[index] as number);
      costs.push(cost);
      listed.push(step);
    }
  }
  const list: EdgeList = {
    nodeCount: numbers.states.length,
    tails: Int32Array.from(tails),
    heads: Int32Array.from(heads),
    costs: Uint8Array.from(costs),
  };
  return { list, listed };
}
