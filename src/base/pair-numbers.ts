const SLOTS_FIRST = 1_024;

/**
 * Gives each pair of whole numbers from 0 to 2^31 a number of its own, from 1 up in the order in which they are first
 * asked for. It costs a fraction of a map whose keys are texts or numbers beyond 32 bits.
 */
export class PairNumbers {
  /** Numbers of pairs by a hash of them, 0 for an empty place; a pair whose place is taken stands in the next one. */
  #slots = new Int32Array(SLOTS_FIRST);
  readonly #firsts: number[] = [0];
  readonly #seconds: number[] = [0];

  of(first: number, second: number): number {
    let slot = this.#slotOf(first, second);
    for (let known = this.#slots[slot] as number; known !== 0; known = this.#slots[slot] as number) {
      if (this.#firsts[known] === first && this.#seconds[known] === second) return known;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    const number = this.#firsts.push(first) - 1;
    this.#seconds.push(second);
    this.#slots[slot] = number;
    if (number * 2 > this.#slots.length) this.#grow();
    return number;
  }

  #slotOf(first: number, second: number): number {
    const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (this.#slots.length - 1);
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let number = 1; number < this.#firsts.length; number++) {
      let slot = this.#slotOf(this.#firsts[number] as number, this.#seconds[number] as number);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = number;
    }
  }
}
