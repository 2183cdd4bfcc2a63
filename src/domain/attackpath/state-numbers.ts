import { sortedByBytes } from '#base/compare.ts';
import { CAPABILITIES, type Capability, includesState, type State } from './state.ts';

const WIDTH = CAPABILITIES.length;
const FIRST_SLOTS = 1_024 * WIDTH;

/**
 * A number for each state that is met. While they are met, numbers are those of the meeting; `settle` makes them those of the
 * order of their keys, the same in whatever order they were met. Only then anything may be asked.
 */
export class StateNumbers {
  /** By number. */
  states: readonly State[] = [];
  readonly #met: State[] = [];
  readonly #assets = new Map<string, number>();
  /** By asset and place of the capability: the number of the state; -1 where there is none. */
  #numbers = new Int32Array(FIRST_SLOTS).fill(-1);
  /** By number: its asset. */
  #assetOf = new Int32Array(0);
  /** By asset: how many states it has. */
  #counts = new Uint8Array(0);

  /** Answers the number of the meeting. */
  meet(state: State): number {
    const { asset, capability } = state;
    const index = this.#indexOf(asset);
    const slot = index * WIDTH + placeOf(capability);
    const known = this.#numbers[slot] as number;
    if (known !== -1) return known;
    const number = this.#met.push(state) - 1;
    this.#numbers[slot] = number;
    return number;
  }

  #indexOf(asset: string): number {
    const known = this.#assets.get(asset);
    if (known !== undefined) return known;
    const index = this.#assets.size;
    this.#assets.set(asset, index);
    if (this.#assets.size * WIDTH > this.#numbers.length) this.#widen();
    return index;
  }

  #widen(): void {
    const numbers = new Int32Array(this.#numbers.length * 2).fill(-1);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }

  /** Answers the number that stays by the number of the meeting. */
  settle(): Int32Array {
    const sorted = Int32Array.from(
      sortedByBytes(this.#assets.keys()),
      (asset) => this.#assets.get(asset) as number,
    );
    const numbers = this.#numbers;
    const settled = new Int32Array(this.#met.length);
    const states = new Array<State>(this.#met.length);
    this.#assetOf = new Int32Array(this.#met.length);
    this.#counts = new Uint8Array(sorted.length);
    let next = 0;
    for (let place = 0; place < WIDTH; place++)
      for (const index of sorted) {
        const slot = index * WIDTH + place;
        const known = numbers[slot] as number;
        if (known === -1) continue;
        numbers[slot] = next;
        settled[known] = next;
        states[next] = this.#met[known] as State;
        this.#assetOf[next] = index;
        this.#counts[index] = (this.#counts[index] as number) + 1;
        next++;
      }
    this.states = states;
    return settled;
  }

  /** -1 where nothing speaks of it. */
  numberOf({ asset, capability }: State): number {
    const index = this.#assets.get(asset);
    return index === undefined ? -1 : (this.#numbers[index * WIDTH + placeOf(capability)] as number);
  }

  /** The states of an asset, ascending. */
  ofAsset(asset: string): readonly number[] {
    const index = this.#assets.get(asset);
    return index === undefined ? [] : this.#ofIndex(index);
  }

  #ofIndex(index: number): readonly number[] {
    const own: number[] = [];
    for (let place = 0; place < WIDTH; place++) {
      const number = this.#numbers[index * WIDTH + place] as number;
      if (number !== -1) own.push(number);
    }
    return own;
  }

  /** Whether its asset has no other state, so that none but it includes it. */
  isAlone(number: number): boolean {
    return this.#counts[this.#assetOf[number] as number] === 1;
  }

  /** The states that include it, ascending. */
  including(number: number): readonly number[] {
    const state = this.states[number] as State;
    return this.#ofIndex(this.#assetOf[number] as number).filter(
      (other) => other === number || includesState(this.states[other] as State, state),
    );
  }
}

const PLACES = new Map<string, number>(CAPABILITIES.map((capability, place) => [capability, place]));

function placeOf(capability: Capability): number {
  return PLACES.get(capability) as number;
}
