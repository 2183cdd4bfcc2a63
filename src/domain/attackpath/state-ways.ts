import { getOrMake } from '#base/get-or-make.ts';
import { BlastRadius } from '#graph/blast-radius.ts';
import { components } from '#graph/components.ts';
import { buildGraph } from '#graph/graph.ts';
import { includesState, type State } from './state.ts';

/** States that are looked at in one go for what leads to them: as many bits for each state. */
const PORTION = 1_024;

interface Met {
  readonly state: State;
  readonly number: number;
}

/**
 * Where steps lead while they are still being found: states by the numbers in which they were met, and ways between them.
 * A way that was added stays, so that whoever asks again and again finds nothing to make anew but rows of numbers.
 */
export class StateWays {
  readonly #ofAsset = new Map<string, Met[]>();
  readonly #tails: number[] = [];
  readonly #heads: number[] = [];
  #count = 0;

  /** The number of a state, the same whenever it is asked for. */
  numberOf(state: State): number {
    const met = getOrMake(this.#ofAsset, state.asset, () => []);
    const known = met.find((each) => each.state.capability === state.capability);
    if (known !== undefined) return known.number;
    const number = this.#count++;
    // Who holds more of an asset holds what is less of it.
    for (const other of met) {
      if (includesState(state, other.state)) this.add(number, other.number);
      if (includesState(other.state, state)) this.add(other.number, number);
    }
    met.push({ state, number });
    return number;
  }

  /** That a step leads from one state to another, by their numbers. */
  add(from: number, to: number): void {
    this.#tails.push(from);
    this.#heads.push(to);
  }

  /**
   * Tells whether ways lead from a state to the one at a place in a list, as far as they were added until it was asked for.
   * Whoever asks goes through the list in its order: what leads there is found for a portion of it at a time.
   */
  leads(targets: readonly State[]): (from: State, place: number) => boolean {
    const numbers = targets.map((target) => this.numberOf(target));
    const graph = buildGraph({
      nodeCount: this.#count,
      tails: new Int32Array(this.#tails),
      heads: new Int32Array(this.#heads),
      costs: new Uint8Array(this.#tails.length).fill(1),
    });
    const together = components(graph);
    let begin = 0;
    let portion: BlastRadius | undefined;
    return (from, place) => {
      if (portion === undefined || place < begin || place >= begin + PORTION) {
        begin = place - (place % PORTION);
        portion = new BlastRadius(graph, together, numbers.slice(begin, begin + PORTION));
      }
      const number = this.numberOf(from);
      // One that is met only now is one that no step knew.
      return number < graph.nodeCount && portion.reaches(number, place - begin);
    };
  }
}
