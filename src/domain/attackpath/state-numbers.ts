import { compareBytes } from '#base/compare.ts';
import type { AttackStep } from './attack-step.ts';
import { CAPABILITIES, type Capability, includesState, type State } from './state.ts';

/** A number for each state that steps and origins speak of, in the order of their keys. */
export class StateNumbers {
  /** By number. */
  readonly states: readonly State[];
  /** By asset: the number of each of its states by the place of its capability; -1 where there is none. */
  readonly #byAsset: ReadonlyMap<string, Int32Array>;

  constructor(steps: readonly AttackStep[], origins: readonly State[]) {
    const byAsset = new Map<string, Int32Array>();
    const met: State[] = [];
    const meet = (state: State): void => {
      let numbers = byAsset.get(state.asset);
      if (numbers === undefined) {
        numbers = new Int32Array(CAPABILITIES.length).fill(-1);
        byAsset.set(state.asset, numbers);
      }
      const place = placeOf(state.capability);
      if (numbers[place] === -1) numbers[place] = met.push(state) - 1;
    };
    for (const origin of origins) meet(origin);
    for (const { from, to } of steps) {
      meet(from);
      meet(to);
    }
    const assets = [...byAsset].sort(([a], [b]) => compareBytes(a, b));
    const states: State[] = [];
    for (let place = 0; place < CAPABILITIES.length; place++)
      for (const [, numbers] of assets) {
        const known = numbers[place] as number;
        if (known !== -1) numbers[place] = states.push(met[known] as State) - 1;
      }
    this.states = states;
    this.#byAsset = byAsset;
  }

  /** -1 where nothing speaks of it. */
  numberOf({ asset, capability }: State): number {
    return this.#byAsset.get(asset)?.[placeOf(capability)] ?? -1;
  }

  /** The states of an asset, ascending. */
  ofAsset(asset: string): readonly number[] {
    return [...(this.#byAsset.get(asset) ?? [])].filter((number) => number !== -1);
  }

  /** By number: the states that include it. Nobody changes what is answered. */
  including(): readonly (readonly number[])[] {
    return this.states.map((state, number) => {
      const others = this.ofAsset(state.asset);
      if (others.length === 1) return [number];
      return others.filter((other) => includesState(this.states[other] as State, state));
    });
  }
}

const PLACES = new Map<string, number>(CAPABILITIES.map((capability, place) => [capability, place]));

function placeOf(capability: Capability): number {
  return PLACES.get(capability) as number;
}
