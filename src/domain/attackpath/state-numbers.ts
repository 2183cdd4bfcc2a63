import { sortedByBytes } from '#base/compare.ts';
import type { AttackStep } from './attack-step.ts';
import { CAPABILITIES, type Capability, includesState, type State } from './state.ts';

/** A number for each state that steps and origins speak of, in the order of their keys. */
export class StateNumbers {
  /** By number. */
  readonly states: readonly State[];
  /** By index of the step: the number of the state that it begins in, and of the one that it leads to. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly #assets: ReadonlyMap<string, number>;
  /** By asset and place of the capability: the number of the state; -1 where there is none. */
  readonly #numbers: Int32Array;

  constructor(steps: readonly AttackStep[], origins: readonly State[]) {
    const assets = new Map<string, number>();
    const slotOf = ({ asset, capability }: State): number => {
      let index = assets.get(asset);
      if (index === undefined) {
        index = assets.size;
        assets.set(asset, index);
      }
      return index * CAPABILITIES.length + placeOf(capability);
    };
    const begun = Int32Array.from(origins, slotOf);
    const from = new Int32Array(steps.length);
    const to = new Int32Array(steps.length);
    for (let at = 0; at < steps.length; at++) {
      const step = steps[at] as AttackStep;
      from[at] = slotOf(step.from);
      to[at] = slotOf(step.to);
    }
    const numbers = new Int32Array(assets.size * CAPABILITIES.length).fill(-1);
    const met: State[] = [];
    const meet = (slot: number, state: State): void => {
      if (numbers[slot] === -1) numbers[slot] = met.push(state) - 1;
    };
    for (const [at, origin] of origins.entries()) meet(begun[at] as number, origin);
    for (let at = 0; at < steps.length; at++) {
      meet(from[at] as number, (steps[at] as AttackStep).from);
      meet(to[at] as number, (steps[at] as AttackStep).to);
    }
    const sorted = Int32Array.from(sortedByBytes(assets.keys()), (asset) => assets.get(asset) as number);
    const states: State[] = [];
    for (let place = 0; place < CAPABILITIES.length; place++)
      for (const index of sorted) {
        const slot = index * CAPABILITIES.length + place;
        const known = numbers[slot] as number;
        if (known !== -1) numbers[slot] = states.push(met[known] as State) - 1;
      }
    for (let at = 0; at < steps.length; at++) {
      from[at] = numbers[from[at] as number] as number;
      to[at] = numbers[to[at] as number] as number;
    }
    this.states = states;
    this.from = from;
    this.to = to;
    this.#assets = assets;
    this.#numbers = numbers;
  }

  /** -1 where nothing speaks of it. */
  numberOf({ asset, capability }: State): number {
    const index = this.#assets.get(asset);
    return index === undefined
      ? -1
      : (this.#numbers[index * CAPABILITIES.length + placeOf(capability)] as number);
  }

  /** The states of an asset, ascending. */
  ofAsset(asset: string): readonly number[] {
    const index = this.#assets.get(asset);
    const own: number[] = [];
    if (index === undefined) return own;
    for (let place = 0; place < CAPABILITIES.length; place++) {
      const number = this.#numbers[index * CAPABILITIES.length + place] as number;
      if (number !== -1) own.push(number);
    }
    return own;
  }

  /** The states that include it, ascending. */
  including(number: number): readonly number[] {
    const state = this.states[number] as State;
    return this.ofAsset(state.asset).filter(
      (other) => other === number || includesState(this.states[other] as State, state),
    );
  }
}

const PLACES = new Map<string, number>(CAPABILITIES.map((capability, place) => [capability, place]));

function placeOf(capability: Capability): number {
  return PLACES.get(capability) as number;
}
