import { type Gates, gatesOfRows } from '#graph/gates.ts';
import { buildGraph, type EdgeList, type Graph, leavingRows } from '#graph/graph.ts';
import { int32s, uint8s } from '#graph/large-array.ts';
import { breadthFirstNumbers, renumberEdges } from '#graph/renumber.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import type { State } from './state.ts';
import { StateNumbers } from './state-numbers.ts';
import { columnsOf, type GateNumbers, type StepColumns } from './step-columns.ts';
import { distinctSteps } from './step-order.ts';

/**
 * The states that steps lead through, as a graph of numbers, and what the numbers mean (attack-paths §1.4, §4.6 step 1).
 * Only states that a step begins in or leads to, and others that are asked for, are nodes. Who holds a capability can take the steps of the
 * lower ones, so a step begins in every state that includes its own: no edge stands for merely having less.
 *
 * It is the same for the same steps in whatever order they come and however often: edges are listed by rule, states and
 * gates, and ties between paths fall by that list.
 */
export class StateGraph {
  readonly graph: Graph;
  readonly gates: Gates;
  /** The nodes of what attackers begin with. */
  readonly origins: readonly number[];
  readonly #numbers: StateNumbers;
  /** The node by the number of the state, and the other way. */
  readonly #nodes: Int32Array;
  readonly #stateNumbers: Int32Array;
  readonly #steps: readonly AttackStep[];
  /** The index of the step by that of its edge in the list that the graph was made of. */
  readonly #listed: Int32Array;
  /** By edge. */
  readonly #forms: Int32Array;
  /** By form. */
  readonly #formRules: Int32Array;
  readonly #gateList: readonly Gate[];
  readonly #gateNumbers: GateNumbers;
  /** The number of a gate by the one that it had when it was met; -1 of one that no edge needs. */
  readonly #gatePlaces: Int32Array;

  constructor(steps: readonly AttackStep[], others: readonly State[]) {
    this.#numbers = new StateNumbers();
    const columns = columnsOf(steps, others, this.#numbers);
    const { states } = this.#numbers;
    const { list, listed } = edgesOf(distinctSteps(steps, columns, states.length), columns, this.#numbers);
    const roots = originsOf(states);
    this.#nodes = breadthFirstNumbers(leavingRows(list), roots);
    this.origins = roots.map((number) => this.#nodes[number] as number);
    this.#stateNumbers = int32s(states.length);
    for (let number = 0; number < states.length; number++)
      this.#stateNumbers[this.#nodes[number] as number] = number;
    this.#steps = steps;
    this.#listed = listed;
    this.graph = buildGraph(renumberEdges(list, this.#nodes));
    this.#forms = int32s(this.graph.edgeCount);
    for (let edge = 0; edge < this.#forms.length; edge++)
      this.#forms[edge] = columns.forms[listed[this.graph.ranks[edge] as number] as number] as number;
    this.#formRules = columns.formRules;
    const { gateList, gates, numbers } = gatesOf(this.graph, listed, columns);
    this.#gateList = gateList;
    this.#gateNumbers = columns.gates;
    this.#gatePlaces = numbers;
    this.gates = gates;
  }

  /** The node of a state; null when no step knows it and nobody asked for it. */
  nodeOf(state: State): number | null {
    const number = this.#numbers.numberOf(state);
    return number === -1 ? null : (this.#nodes[number] as number);
  }

  stateAt(node: number): State {
    return this.#numbers.states[this.#stateNumbers[node] as number] as State;
  }

  /** The asset to which the step of an edge leads. */
  assetAt(edge: number): string {
    return this.stateAt(this.graph.heads[edge] as number).asset;
  }

  /** What may be held of an asset, as far as any step or whoever asked says. */
  statesOf(asset: string): readonly State[] {
    return this.#numbers.ofAsset(asset).map((number) => this.#numbers.states[number] as State);
  }

  /** The step of an edge. One step has an edge for each state that includes the one that it begins in. */
  stepAt(edge: number): AttackStep {
    return this.#steps[this.#listed[this.graph.ranks[edge] as number] as number] as AttackStep;
  }

  /** Orders the steps of two edges by the names of their rules, then by the keys of the states that they lead to. */
  compareSteps(edge: number, other: number): number {
    const [rules, forms, states] = [this.#formRules, this.#forms, this.#stateNumbers];
    const { heads } = this.graph;
    return (
      (rules[forms[edge] as number] as number) - (rules[forms[other] as number] as number) ||
      (states[heads[edge] as number] as number) - (states[heads[other] as number] as number)
    );
  }

  /** What the step of an edge says of the shape and the severity of a path, as a number (`StepForms`). */
  formAt(edge: number): number {
    return this.#forms[edge] as number;
  }

  /** The edges that leave a node, ascending. */
  edgesFrom(node: number): readonly number[] {
    const { start } = this.graph.out;
    const first = start[node] as number;
    return Array.from({ length: (start[node + 1] as number) - first }, (_, at) => first + at);
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

function originsOf(states: readonly State[]): readonly number[] {
  const origins: number[] = [];
  for (let number = 0; number < states.length; number++)
    if ((states[number] as State).family === 'origin') origins.push(number);
  return origins;
}

/** The gates of all edges, numbered in the order in which the list of edges names them. */
function gatesOf(
  { edgeCount, ranks }: Graph,
  listed: Int32Array,
  { gates: { list }, firstGates, otherGates }: StepColumns,
): { readonly gateList: readonly Gate[]; readonly gates: Gates; readonly numbers: Int32Array } {
  const gateList: Gate[] = [];
  const numbers = new Int32Array(list.length).fill(-1);
  let count = 0;
  for (let at = 0; at < listed.length; at++) {
    const index = listed[at] as number;
    const first = firstGates[index] as number;
    if (first === -1) continue;
    if (numbers[first] === -1) numbers[first] = gateList.push(list[first] as Gate) - 1;
    count++;
    if (otherGates.size === 0) continue;
    for (const other of otherGates.get(index) ?? NONE) {
      if (numbers[other] === -1) numbers[other] = gateList.push(list[other] as Gate) - 1;
      count++;
    }
  }
  const start = int32s(edgeCount + 1);
  const rows = int32s(count);
  let end = 0;
  for (let edge = 0; edge < edgeCount; edge++) {
    const index = listed[ranks[edge] as number] as number;
    const first = firstGates[index] as number;
    if (first !== -1) {
      rows[end++] = numbers[first] as number;
      if (otherGates.size > 0)
        for (const other of otherGates.get(index) ?? NONE) rows[end++] = numbers[other] as number;
    }
    start[edge + 1] = end;
  }
  return { gateList, gates: gatesOfRows(gateList.length, start, rows), numbers };
}

/** Of gates, and of other states. */
const NONE: readonly number[] = [];

/** What is known of the states that include one: nothing yet, that there are no others, that there are. */
const [UNASKED, ALONE, SEVERAL] = [0, 1, 2] as const;

function edgesOf(
  indices: Int32Array,
  { from, to, costs }: StepColumns,
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
    tails: int32s(count),
    heads: int32s(count),
    costs: uint8s(count),
  };
  const listed = int32s(count);
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
