import { compareBytes, sortedByBytes } from '#base/compare.ts';
import { type Gates, gatesOfRows } from '#graph/gates.ts';
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
  readonly #steps: readonly AttackStep[];
  /** The index of the step by that of its edge in the list that the graph was made of. */
  readonly #listed: Int32Array;
  readonly #gateList: readonly Gate[];

  constructor(steps: readonly AttackStep[], origins: readonly State[]) {
    this.#numbers = new StateNumbers(steps, origins);
    const { states } = this.#numbers;
    const columns = columnsOf(steps);
    const { list, listed } = edgesOf(distinctSteps(steps, columns, this.#numbers), columns, this.#numbers);
    const roots = states.flatMap(({ family }, number) => (family === 'origin' ? [number] : []));
    this.#nodes = breadthFirstNumbers(buildGraph(list), roots);
    const ordered = new Array<State>(states.length);
    for (const [number, state] of states.entries()) ordered[this.#nodes[number] as number] = state;
    this.#states = ordered;
    this.#steps = steps;
    this.#listed = listed;
    this.graph = buildGraph(renumberEdges(list, this.#nodes));
    const { gateList, gates } = gatesOf(this.graph, listed, columns);
    this.#gateList = gateList;
    this.gates = gates;
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
    return this.#steps[this.#listed[this.graph.ranks[edge] as number] as number] as AttackStep;
  }

  /** It and all that do the same: they lead from the same state to the same one, through other gates. */
  parallelsOf({ from, to }: AttackStep): readonly AttackStep[] {
    const { into } = this.graph;
    const tail = this.nodeOf(from);
    const head = this.nodeOf(to) as number;
    const alike: AttackStep[] = [];
    for (let slot = into.start[head] as number; slot < (into.start[head + 1] as number); slot++) {
      if (into.nodes[slot] !== tail) continue;
      const step = this.stepAt(into.edges[slot] as number);
      // One that begins lower has an edge from here as well.
      if (step.from.capability === from.capability) alike.push(step);
    }
    return alike;
  }

  gateAt(gate: number): Gate {
    return this.#gateList[gate] as Gate;
  }
}

/** What is asked of each step more than once, by its index: read in one go, as they lie beside each other in memory. */
interface Columns {
  readonly ruleNames: readonly string[];
  /** Places of names. */
  readonly rules: Int32Array;
  readonly costs: Uint8Array;
  readonly gates: readonly Gate[];
  /** Most steps have one gate: the place of the first, -1 where there is none, and of the others where there are any. */
  readonly firstGates: Int32Array;
  readonly otherGates: ReadonlyMap<number, readonly number[]>;
}

function columnsOf(steps: readonly AttackStep[]): Columns {
  const met = new Map<string, number>();
  const rules = new Int32Array(steps.length);
  const costs = new Uint8Array(steps.length);
  const firstGates = new Int32Array(steps.length).fill(-1);
  const otherGates = new Map<number, readonly number[]>();
  const gates = new GateNumbers();
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at] as AttackStep;
    let rule = met.get(step.rule);
    if (rule === undefined) {
      rule = met.size;
      met.set(step.rule, rule);
    }
    rules[at] = rule;
    costs[at] = costOfProbability(step.probability);
    const [first] = step.gates;
    if (first === undefined) continue;
    firstGates[at] = gates.numberOf(first);
    if (step.gates.length > 1)
      otherGates.set(at, [...new Set(step.gates.map((gate) => gates.numberOf(gate)))].slice(1));
  }
  const ruleNames = sortedByBytes(met.keys());
  const places = new Int32Array(met.size);
  for (const [place, name] of ruleNames.entries()) places[met.get(name) as number] = place;
  for (let at = 0; at < rules.length; at++) rules[at] = places[rules[at] as number] as number;
  return { ruleNames, rules, costs, gates: gates.list, firstGates, otherGates };
}

/** Gates by what they are and which; each gets a number when it is first met. */
class GateNumbers {
  readonly list: Gate[] = [];
  readonly #numbers = new Map<Gate['is'], Map<string, number>>();

  numberOf(gate: Gate): number {
    let ofKind = this.#numbers.get(gate.is);
    if (ofKind === undefined) {
      ofKind = new Map();
      this.#numbers.set(gate.is, ofKind);
    }
    const known = ofKind.get(gate.id);
    if (known !== undefined) return known;
    ofKind.set(gate.id, this.list.length);
    return this.list.push(gate) - 1;
  }
}

/** The gates of all edges, numbered in the order in which the list of edges names them. */
function gatesOf(
  { edgeCount, ranks }: Graph,
  listed: Int32Array,
  { gates, firstGates, otherGates }: Columns,
): { readonly gateList: readonly Gate[]; readonly gates: Gates } {
  const gateList: Gate[] = [];
  const numbers = new Int32Array(gates.length).fill(-1);
  const number = (gate: number): void => {
    if (numbers[gate] === -1) numbers[gate] = gateList.push(gates[gate] as Gate) - 1;
  };
  let count = 0;
  for (const index of listed) {
    const first = firstGates[index] as number;
    if (first === -1) continue;
    number(first);
    const others = otherGates.get(index) ?? NO_GATES;
    others.forEach(number);
    count += 1 + others.length;
  }
  const start = new Int32Array(edgeCount + 1);
  const rows = new Int32Array(count);
  let end = 0;
  for (let edge = 0; edge < edgeCount; edge++) {
    const index = listed[ranks[edge] as number] as number;
    const first = firstGates[index] as number;
    if (first !== -1) {
      rows[end++] = numbers[first] as number;
      for (const other of otherGates.get(index) ?? NO_GATES) rows[end++] = numbers[other] as number;
    }
    start[edge + 1] = end;
  }
  return { gateList, gates: gatesOfRows(gateList.length, start, rows) };
}

const NO_GATES: readonly number[] = [];

function gatesKey({ gates }: AttackStep): string {
  return JSON.stringify(gates.map(({ is, id }) => `${is} ${id}`).sort(compareBytes));
}

/** The indices of the steps in the order of rule, states and gates; of those that agree in all of these the likeliest alone. */
function distinctSteps(
  steps: readonly AttackStep[],
  { ruleNames, rules }: Columns,
  { states, from, to }: StateNumbers,
): Int32Array {
  let order = new Int32Array(steps.length);
  for (let at = 0; at < order.length; at++) order[at] = at;
  // By the last of the keys first: each pass leaves what is equal in the order that it found.
  order = sortedBy(order, to, states.length);
  order = sortedBy(order, from, states.length);
  order = sortedBy(order, rules, ruleNames.length);
  let kept = 0;
  for (let first = 0; first < order.length; ) {
    const one = order[first] as number;
    let end = first + 1;
    for (; end < order.length; end++) {
      const other = order[end] as number;
      if (rules[one] !== rules[other] || from[one] !== from[other] || to[one] !== to[other]) break;
    }
    // What is kept is never more than what was looked at.
    if (end === first + 1) order[kept++] = one;
    else for (const index of likeliestOfGates(order.slice(first, end), steps)) order[kept++] = index;
    first = end;
  }
  return order.subarray(0, kept);
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
  indices: Int32Array,
  { costs }: Columns,
  numbers: StateNumbers,
): { readonly list: EdgeList; readonly listed: Int32Array } {
  const including = new Array<readonly number[] | undefined>(numbers.states.length).fill(undefined);
  let count = 0;
  for (const index of indices) {
    const from = numbers.from[index] as number;
    const held = including[from] ?? numbers.including(from);
    including[from] = held;
    count += held.length;
  }
  const list: EdgeList = {
    nodeCount: numbers.states.length,
    tails: new Int32Array(count),
    heads: new Int32Array(count),
    costs: new Uint8Array(count),
  };
  const listed = new Int32Array(count);
  let rank = 0;
  for (const index of indices)
    for (const tail of including[numbers.from[index] as number] as readonly number[]) {
      list.tails[rank] = tail;
      list.heads[rank] = numbers.to[index] as number;
      list.costs[rank] = costs[index] as number;
      listed[rank++] = index;
    }
  return { list, listed };
}
