import { byteOrder } from '#base/byte-order.ts';
import { int32s, uint8s } from '#graph/large-array.ts';
import { CAPABILITIES, type Capability, includesState, type State } from './state.ts';

const FIRST_STATES = 1_024;

/**
 * A number for each state that is met. While they are met, numbers are those of the meeting; `settle` makes them those of the
 * order of their keys, the same in whatever order they were met. Only then anything may be asked.
 */
export class StateNumbers {
  /** By number. */
  states: readonly State[] = [];
  readonly #met: State[] = [];
  /** By asset: the state that was met first of it, as all that follows by the number of the meeting. */
  readonly #assets = new Map<string, number>();
  /** The place of its capability. */
  #places: Uint8Array = new Uint8Array(FIRST_STATES);
  /** The next state of its asset, round in a circle: of one that is alone it itself. */
  #next: Int32Array = new Int32Array(FIRST_STATES);
  /** The number that stays. */
  #settled: Int32Array = new Int32Array(0);
  /** By the number that stays: that of the meeting. */
  #metAs: Int32Array = new Int32Array(0);

  /** Answers the number of the meeting. */
  meet(state: State): number {
    return this.meetOf(state, this.firstOf(state.asset));
  }

  /** The number of the state that was met first of an asset; -1 of an asset that was not met. */
  firstOf(asset: string): number {
    return this.#assets.get(asset) ?? -1;
  }

  /** As `meet`, for whoever asked for the first state of its asset already; it may have been met since. */
  meetOf(state: State, asked: number): number {
    const place = placeOf(state.capability);
    const first = asked === -1 ? this.firstOf(state.asset) : asked;
    if (first === -1) {
      const number = this.#add(state, place);
      this.#next[number] = number;
      this.#assets.set(state.asset, number);
      return number;
    }
    const known = this.#find(first, place);
    if (known !== -1) return known;
    const number = this.#add(state, place);
    this.#next[number] = this.#next[first] as number;
    this.#next[first] = number;
    return number;
  }

  /** The state of the same asset as another that has this capability; -1 where there is none. */
  #find(first: number, place: number): number {
    let number = first;
    do {
      if (this.#places[number] === place) return number;
      number = this.#next[number] as number;
    } while (number !== first);
    return -1;
  }

  #add(state: State, place: number): number {
    const number = this.#met.push(state) - 1;
    if (number === this.#places.length) this.#widen();
    this.#places[number] = place;
    return number;
  }

  #widen(): void {
    const places = uint8s(this.#places.length * 2);
    places.set(this.#places);
    this.#places = places;
    const next = int32s(places.length);
    next.set(this.#next);
    this.#next = next;
  }

  /** Answers the number that stays by the number of the meeting: in the order of capabilities, then of assets. */
  settle(): Int32Array {
    const met = this.#met;
    const free = new Int32Array(CAPABILITIES.length + 1);
    for (let number = 0; number < met.length; number++) {
      const place = (this.#places[number] as number) + 1;
      free[place] = (free[place] as number) + 1;
    }
    for (let place = 0; place < CAPABILITIES.length; place++)
      free[place + 1] = (free[place + 1] as number) + (free[place] as number);
    const states = new Array<State>(met.length);
    this.#settled = int32s(met.length);
    this.#metAs = int32s(met.length);
    const assets = [...this.#assets.keys()];
    const firsts = [...this.#assets.values()];
    const order = byteOrder(assets);
    for (let at = 0; at < order.length; at++) {
      const first = firsts[order[at] as number] as number;
      let number = first;
      do {
        const place = this.#places[number] as number;
        const settled = free[place] as number;
        free[place] = settled + 1;
        this.#settled[number] = settled;
        this.#metAs[settled] = number;
        states[settled] = met[number] as State;
        number = this.#next[number] as number;
      } while (number !== first);
    }
    this.states = states;
    return this.#settled;
  }

  /** -1 where nothing speaks of it. */
  numberOf({ asset, capability }: State): number {
    const first = this.#assets.get(asset);
    const number = first === undefined ? -1 : this.#find(first, placeOf(capability));
    return number === -1 ? -1 : (this.#settled[number] as number);
  }

  /** The states of an asset, ascending. */
  ofAsset(asset: string): readonly number[] {
    const first = this.#assets.get(asset);
    return first === undefined ? [] : this.#besides(first);
  }

  #besides(first: number): readonly number[] {
    const own: number[] = [];
    let number = first;
    do {
      own.push(this.#settled[number] as number);
      number = this.#next[number] as number;
    } while (number !== first);
    return own.sort((a, b) => a - b);
  }

  /** Whether its asset has no other state, so that none but it includes it. */
  isAlone(number: number): boolean {
    const met = this.#metAs[number] as number;
    return this.#next[met] === met;
  }

  /** The states that include it, ascending. */
  including(number: number): readonly number[] {
    const state = this.states[number] as State;
    return this.#besides(this.#metAs[number] as number).filter(
      (other) => other === number || includesState(this.states[other] as State, state),
    );
  }
}

const PLACES = new Map<string, number>(CAPABILITIES.map((capability, place) => [capability, place]));

function placeOf(capability: Capability): number {
  return PLACES.get(capability) as number;
}
