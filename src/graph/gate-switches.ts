import type { Gates } from './gates.ts';

const NONE: readonly number[] = [];

/** Which gates are shut now, and so which edges: an edge opens again when the last of its gates does. All begin open. */
export class GateSwitches {
  readonly #gates: Gates;
  readonly #isShut: Uint8Array;
  /** By edge: how many of its gates are shut. */
  readonly #shutCounts: Int32Array;

  constructor(gates: Gates) {
    this.#gates = gates;
    this.#isShut = new Uint8Array(gates.gateCount);
    this.#shutCounts = new Int32Array(gates.gateStart.length - 1);
  }

  /** The edges that this closes, ascending; those with another shut gate are closed already. */
  shut(gate: number): readonly number[] {
    if (this.#isShut[gate] === 1) return NONE;
    this.#isShut[gate] = 1;
    return this.#edgesThatReach(gate, 1, 1);
  }

  /** The edges that this opens, ascending; those with another shut gate stay closed. */
  reopen(gate: number): readonly number[] {
    if (this.#isShut[gate] === 0) return NONE;
    this.#isShut[gate] = 0;
    return this.#edgesThatReach(gate, -1, 0);
  }

  #edgesThatReach(gate: number, step: number, count: number): readonly number[] {
    const { edgeStart, edges } = this.#gates;
    const changed: number[] = [];
    const last = edgeStart[gate + 1] as number;
    for (let i = edgeStart[gate] as number; i < last; i++) {
      const edge = edges[i] as number;
      const shut = (this.#shutCounts[edge] as number) + step;
      this.#shutCounts[edge] = shut;
      if (shut === count) changed.push(edge);
    }
    return changed;
  }
}
