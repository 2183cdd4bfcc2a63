import { sortedByBytes } from '#base/compare.ts';
import { int32s, uint8s } from '#graph/large-array.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { costOfProbability } from './likelihood.ts';
import type { State } from './state.ts';
import type { StateNumbers } from './state-numbers.ts';
import { StepForms } from './step-forms.ts';

/** What is asked of each step more than once, by its index: read in one go, as they lie beside each other in memory. */
export interface StepColumns {
  readonly ruleCount: number;
  /** Places of names. */
  readonly rules: Int32Array;
  /** Numbers of states. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly costs: Uint8Array;
  /** What each says of its path (`StepForms`). */
  readonly forms: Int32Array;
  /** The place of the name of the rule, by form. */
  readonly formRules: Int32Array;
  readonly gates: GateNumbers;
  /** Most steps have one gate: the number of the first, -1 where there is none, and of the others where there are any. */
  readonly firstGates: Int32Array;
  readonly otherGates: ReadonlyMap<number, readonly number[]>;
}

/** As many steps are looked at together: the memory that their names lie in is then waited for once. */
const BLOCK = 256;

/** Steps lie scattered in memory, so each is looked at once. */
export function columnsOf(
  steps: readonly AttackStep[],
  others: readonly State[],
  states: StateNumbers,
): StepColumns {
  const met = new Map<string, number>();
  const rules = int32s(steps.length);
  const from = int32s(steps.length);
  const to = int32s(steps.length);
  const costs = uint8s(steps.length);
  const forms = int32s(steps.length);
  const formNumbers = new StepForms();
  const firstGates = int32s(steps.length).fill(-1);
  const otherGates = new Map<number, readonly number[]>();
  const gates = new GateNumbers();
  for (const other of others) states.meet(other);
  let last: State | Record<'asset' | 'capability', null> = { asset: null, capability: null };
  let number = -1;
  const names = new Array<string>(BLOCK).fill('');
  const firsts = new Int32Array(BLOCK);
  for (let at = 0; at < steps.length; at++) {
    if (at % BLOCK === 0) findFirsts(steps, at, states, names, firsts);
    const step = steps[at] as AttackStep;
    let rule = met.get(step.rule);
    if (rule === undefined) {
      rule = met.size;
      met.set(step.rule, rule);
    }
    rules[at] = rule;
    forms[at] = formNumbers.numberOf(step, rule);
    // Rules go on from one state after another: the last one is met again and again.
    const { from: begun } = step;
    if (begun.asset !== last.asset || begun.capability !== last.capability) {
      last = begun;
      number = states.meet(begun);
    }
    from[at] = number;
    to[at] = states.meetOf(step.to, firsts[at % BLOCK] as number);
    costs[at] = costOfProbability(step.probability);
    const first = step.gates[0];
    if (first === undefined) continue;
    firstGates[at] = gates.numberOf(first);
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
  const formRules = Int32Array.from(formNumbers.rules, (rule) => places[rule] as number);
  return { ruleCount: met.size, rules, from, to, costs, forms, formRules, gates, firstGates, otherGates };
}

/** Finds of the assets that a block of steps leads to the states that were met first. */
function findFirsts(
  steps: readonly AttackStep[],
  from: number,
  states: StateNumbers,
  names: string[],
  found: Int32Array,
): void {
  const count = Math.min(BLOCK, steps.length - from);
  let letters = 0;
  for (let at = 0; at < count; at++) {
    const { asset } = (steps[from + at] as AttackStep).to;
    names[at] = asset;
    // A length lies beside what a name is looked up by.
    letters += asset.length;
  }
  if (letters > 0) for (let at = 0; at < count; at++) found[at] = states.firstOf(names[at] as string);
  else found.fill(-1);
}

/** Gates by what they are and which; each gets a number when it is first met. */
export class GateNumbers {
  readonly list: Gate[] = [];
  readonly #numbers = new Map<string, number>();
  /** Those whose id one of another kind has already. */
  readonly #alike = new Map<string, number[]>();

  // Those asked for last: what all steps of a state need is met by turns with what single ones need.
  #last: Gate | null = null;
  #lastNumber = -1;
  #before: Gate | null = null;
  #beforeNumber = -1;

  numberOf(gate: Gate): number {
    if (gate !== this.#last) {
      const number = gate === this.#before ? this.#beforeNumber : this.#find(gate);
      this.#before = this.#last;
      this.#beforeNumber = this.#lastNumber;
      this.#last = gate;
      this.#lastNumber = number;
    }
    return this.#lastNumber;
  }

  #find(gate: Gate): number {
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
