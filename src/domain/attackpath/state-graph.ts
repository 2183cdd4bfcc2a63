import { compareBytes, sortedByBytes } from '#base/compare.ts';
import { type Gates, gatesOfRows } from '#graph/gates.ts';
import { buildGraph, type EdgeList, type Graph, leavingRows, startsOf } from '#graph/graph.ts';
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
  readonly #gateNumbers: GateNumbers;
  /** The number of a gate by the one that it had when it was met; -1 of one that no edge needs. */
  readonly #gatePlaces: Int32Array;

  constructor(steps: readonly AttackStep[], origins: readonly State[]) {
    this.#numbers = new StateNumbers();
    const columns = columnsOf(steps, origins, this.#numbers);
    const { states } = this.#numbers;
    const { list, listed } = edgesOf(distinctSteps(steps, columns, states.length), columns, this.#numbers);
    const roots = states.flatMap(({ family }, number) => (family === 'origin' ? [number] : []));
    this.#nodes = breadthFirstNumbers(leavingRows(list), roots);
    const ordered = new Array<State>(states.length);
    for (let number = 0; number < states.length; number++)
      ordered[this.#nodes[number] as number] = states[number] as State;
    this.#states = ordered;
    this.#steps = steps;
    this.#listed = listed;
    this.graph = buildGraph(renumberEdges(list, this.#nodes));
    const { gateList, gates, numbers } = gatesOf(this.graph, listed, columns);
    this.#gateList = gateList;
    this.#gateNumbers = columns.gates;
    this.#gatePlaces = numbers;
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

  /** The numbers of the gates of an id, of whatever kind they are; empty where no edge needs one. */
  gatesOfId(id: string): readonly number[] {
    return this.#gateNumbers
      .ofId(id)
      .map((met) => this.#gatePlaces[met] as number)
      .filter((gate) => gate !== -1);
  }
}

/** What is asked of each step more than once, by its index: read in one go, as they lie beside each other in memory. */
interface Columns {
  readonly ruleCount: number;
  /** Places of names. */
  readonly rules: Int32Array;
  /** Numbers of states. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly costs: Uint8Array;
  readonly gates: GateNumbers;
  /** Most steps have one gate: the number of the first, -1 where there is none, and of the others where there are any. */
  readonly firstGates: Int32Array;
  readonly otherGates: ReadonlyMap<number, readonly number[]>;
}

/** Steps lie scattered in memory, so each is looked at once. */
function columnsOf(steps: readonly AttackStep[], origins: readonly State[], states: StateNumbers): Columns {
  const met = new Map<string, number>();
  const rules = new Int32Array(steps.length);
  const from = new Int32Array(steps.length);
  const to = new Int32Array(steps.length);
  const costs = new Uint8Array(steps.length);
  const firstGates = new Int32Array(steps.length).fill(-1);
  const otherGates = new Map<number, readonly number[]>();
  const gates = new GateNumbers();
  for (const origin of origins) states.meet(origin);
  let last: State | Record<'asset' | 'capability', null> = { asset: null, capability: null };
  let number = -1;
  let lastGate: Gate | null = null;
  let gate = -1;
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at] as AttackStep;
    let rule = met.get(step.rule);
    if (rule === undefined) {
      rule = met.size;
      met.set(step.rule, rule);
    }
    rules[at] = rule;
    // Rules go on from one state after another: the last one is met again and again, and so is what keeps it open.
    const { from: begun } = step;
    if (begun.asset !== last.asset || begun.capability !== last.capability) {
      last = begun;
      number = states.meet(begun);
    }
    from[at] = number;
    to[at] = states.meet(step.to);
    costs[at] = costOfProbability(step.probability);
    const first = step.gates[0];
    if (first === undefined) continue;
    if (first !== lastGate) {
      lastGate = first;
      gate = gates.numberOf(first);
    }
    firstGates[at] = gate;
    if (step.gates.length > 1)
      otherGates.set(at, [...new Set(step.gates.map((gate) => gates.numberOf(gate)))].slice(1));
  }
  const places = new Int32Array(met.size);
  for (const [place, name] of sortedByBytes(met.keys()).entries()) places[met.get(name) as number] = place;
  const settled = states.settle();
  for (let at = 0; at < steps.length; at++) {
    rules[at] = places[rules[at] as number] as number;
    from[at] = settled[from[at] as number] as number;
    to[at] = settled[to[at] as number] as number;
  }
  return { ruleCount: met.size, rules, from, to, costs, gates, firstGates, otherGates };
}

/** Gates by what they are and which; each gets a number when it is first met. */
class GateNumbers {
  readonly list: Gate[] = [];
  readonly #numbers = new Map<string, number>();
  /** Those whose id one of another kind has already. */
  readonly #alike = new Map<string, number[]>();

  numberOf(gate: Gate): number {
    const known = this.#numbers.get(gate.id);
    if (known === undefined) {
      this.#numbers.set(gate.id, this.list.length);
      return this.list.push(gate) - 1;
    }
    const same = this.list[known] as Gate;
    if (same === gate || same.is === gate.is) return known;
    const alike = this.#alike.get(gate.id) ?? [];
    const other = alike.find((number) => (this.list[number] as Gate).is === gate.is);
    if (other !== undefined) return other;
    this.#alike.set(gate.id, [...alike, this.list.length]);
    return this.list.push(gate) - 1;
  }

  ofId(id: string): readonly number[] {
    const first = this.#numbers.get(id);
    return first === undefined ? [] : [first, ...(this.#alike.get(id) ?? [])];
  }
}

/** The gates of all edges, numbered in the order in which the list of edges names them. */
function gatesOf(
  { edgeCount, ranks }: Graph,
  listed: Int32Array,
  { gates: { list }, firstGates, otherGates }: Columns,
): { readonly gateList: readonly Gate[]; readonly gates: Gates; readonly numbers: Int32Array } {
  const gateList: Gate[] = [];
  const numbers = new Int32Array(list.length).fill(-1);
  let count = 0;
  const firsts = new Int32Array(listed.length).fill(-1);
  for (let at = 0; at < listed.length; at++) {
    const index = listed[at] as number;
    const first = firstGates[index] as number;
    if (first === -1) continue;
    if (numbers[first] === -1) numbers[first] = gateList.push(list[first] as Gate) - 1;
    firsts[at] = numbers[first] as number;
    count++;
    if (otherGates.size === 0) continue;
    for (const other of otherGates.get(index) ?? NONE) {
      if (numbers[other] === -1) numbers[other] = gateList.push(list[other] as Gate) - 1;
      count++;
    }
  }
  const start = new Int32Array(edgeCount + 1);
  const rows = new Int32Array(count);
  let end = 0;
  for (let edge = 0; edge < edgeCount; edge++) {
    const rank = ranks[edge] as number;
    const first = firsts[rank] as number;
    if (first !== -1) {
      rows[end++] = first;
      if (otherGates.size > 0)
        for (const other of otherGates.get(listed[rank] as number) ?? NONE)
          rows[end++] = numbers[other] as number;
    }
    start[edge + 1] = end;
  }
  return { gateList, gates: gatesOfRows(gateList.length, start, rows), numbers };
}

/** Of gates, and of other states. */
const NONE: readonly number[] = [];

/** The indices of the steps in the order of rule, states and gates; of those that agree in all of these the likeliest alone. */
function distinctSteps(
  steps: readonly AttackStep[],
  { ruleCount, rules, from, to }: Columns,
  stateCount: number,
): Int32Array {
  let order = new Int32Array(steps.length);
  for (let at = 0; at < order.length; at++) order[at] = at;
  // By the last of the keys first: each pass leaves what is equal in the order that it found.
  let spare = new Int32Array(steps.length);
  sortBy(order, spare, to, stateCount);
  sortBy(spare, order, from, stateCount);
  sortBy(order, spare, rules, ruleCount);
  [order, spare] = [spare, order];
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
function likeliestOfGates(indices: Int32Array, steps: readonly AttackStep[]): Int32Array {
  const keys = new Map<number, string>();
  for (const index of indices) keys.set(index, gatesKey(steps[index] as AttackStep));
  // The likeliest of each first; of as likely ones that which was given first.
  indices.sort(
    (a, b) =>
      compareBytes(keys.get(a) as string, keys.get(b) as string) ||
      (steps[b] as AttackStep).probability - (steps[a] as AttackStep).probability,
  );
  return indices.filter((index, at) => at === 0 || keys.get(index) !== keys.get(indices[at - 1] as number));
}

function gatesKey({ gates }: AttackStep): string {
  const [only] = gates;
  if (only !== undefined && gates.length === 1) return gateKey(only);
  return gates.map(gateKey).sort(compareBytes).join('\n');
}

function gateKey({ is, id }: Gate): string {
  return `${is} ${id}`;
}

/** A counting sort that keeps the order of what is equal. */
function sortBy(order: Int32Array, sorted: Int32Array, keys: Int32Array, keyCount: number): void {
  const place = startsOf(keys, keyCount);
  for (let at = 0; at < order.length; at++) {
    const index = order[at] as number;
    const key = keys[index] as number;
    const slot = place[key] as number;
    place[key] = slot + 1;
    sorted[slot] = index;
  }
}

/** What is known of the states that include one: nothing yet, that there are no others, that there are. */
const [UNASKED, ALONE, SEVERAL] = [0, 1, 2] as const;

function edgesOf(
  indices: Int32Array,
  { from, to, costs }: Columns,
  states: StateNumbers,
): { readonly list: EdgeList; readonly listed: Int32Array } {
  const known = new Uint8Array(states.states.length);
  const several = new Map<number, readonly number[]>();
  let count = indices.length;
  for (let at = 0; at < indices.length; at++) {
    const state = from[indices[at] as number] as number;
    if (known[state] === UNASKED) {
      const including = states.isAlone(state) ? NONE : states.including(state);
      known[state] = including.length > 1 ? SEVERAL : ALONE;
      if (including.length > 1) several.set(state, including);
    }
    if (known[state] === SEVERAL) count += (several.get(state) as readonly number[]).length - 1;
  }
  const list: EdgeList = {
    nodeCount: states.states.length,
    tails: new Int32Array(count),
    heads: new Int32Array(count),
    costs: new Uint8Array(count),
  };
  const listed = new Int32Array(count);
  let rank = 0;
  const add = (tail: number, index: number): void => {
    list.tails[rank] = tail;
    list.heads[rank] = to[index] as number;
    list.costs[rank] = costs[index] as number;
    listed[rank++] = index;
  };
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at] as number;
    const state = from[index] as number;
    if (known[state] === ALONE) add(state, index);
    else for (const tail of several.get(state) as readonly number[]) add(tail, index);
  }
  return { list, listed };
}
