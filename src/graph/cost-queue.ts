import { int32s } from './large-array.ts';

/** Costs are compared by digits of so many bits; those of any path have so many digits. */
const DIGIT_BITS = 7;
const DIGITS = 128;
const LEVELS = 5;

/** A list of whole numbers that keeps its memory when it is emptied. */
class NumberList {
  numbers = int32s(16);
  size = 0;

  push(number: number): void {
    if (this.size === this.numbers.length) {
      const wider = int32s(2 * this.size);
      wider.set(this.numbers);
      this.numbers = wider;
    }
    this.numbers[this.size++] = number;
  }
}

const NOTHING = new NumberList();

/**
 * Nodes that wait by whole costs and leave cheapest first, where none comes that is cheaper than what left last: a radix heap
 * with a bucket for each digit. A node that waits moves once for each digit of its cost at the most. Source: R. Ahuja, K.
 * Mehlhorn, J. Orlin and R. Tarjan, "Faster Algorithms for the Shortest Path Problem", J. ACM 37 (1990).
 */
export class CostQueue {
  /** By the last digit: nodes whose other digits are those of the cost that left last. */
  readonly #near = Array.from({ length: DIGITS }, () => new NumberList());
  /** By the first digit that is another, then by that digit: costs and nodes in turn. Made when they are needed. */
  readonly #far: NumberList[][] = Array.from({ length: LEVELS }, () => []);
  #waiting = 0;
  #cost = 0;
  #taken = NOTHING;

  /** Of what was taken last; 0 before. */
  get cost(): number {
    return this.#cost;
  }

  /** What was taken last, up to the number that `take` answered. It may hold a node twice. */
  get nodes(): Int32Array {
    return this.#taken.numbers;
  }

  push(cost: number, node: number): void {
    this.#waiting++;
    this.#put(cost, node);
  }

  #put(cost: number, node: number): void {
    const apart = cost ^ this.#cost;
    if (apart < DIGITS) (this.#near[cost & (DIGITS - 1)] as NumberList).push(node);
    else this.#putFar(apart, cost, node);
  }

  #putFar(apart: number, cost: number, node: number): void {
    const level = Math.floor((31 - Math.clz32(apart)) / DIGIT_BITS);
    const row = this.#far[level] as NumberList[];
    const digit = digitOf(cost, level);
    row[digit] ??= new NumberList();
    row[digit].push(cost);
    row[digit].push(node);
  }

  /** Takes all that wait at the least cost and answers how many they are. None may come at that cost any more. */
  take(): number {
    this.#taken.size = 0;
    if (this.#waiting === 0) {
      this.#taken = NOTHING;
      this.#cost = 0;
      return 0;
    }
    for (;;) {
      for (let digit = this.#cost & (DIGITS - 1); digit < DIGITS; digit++) {
        const list = this.#near[digit] as NumberList;
        if (list.size === 0) continue;
        this.#cost = (this.#cost & ~(DIGITS - 1)) | digit;
        this.#taken = list;
        this.#waiting -= list.size;
        return list.size;
      }
      this.#bringNear();
    }
  }

  /** Where nothing is near: what has the least costs of all others is near then. */
  #bringNear(): void {
    for (let level = 1; level < LEVELS; level++) {
      const row = this.#far[level] as NumberList[];
      for (let digit = digitOf(this.#cost, level) + 1; digit < row.length; digit++) {
        const list = row[digit];
        if (list === undefined || list.size === 0) continue;
        const bits = level * DIGIT_BITS;
        this.#cost = ((this.#cost >> bits) - digitOf(this.#cost, level) + digit) << bits;
        const { numbers, size } = list;
        list.size = 0;
        for (let at = 0; at < size; at += 2) this.#put(numbers[at] as number, numbers[at + 1] as number);
        return;
      }
    }
  }
}

function digitOf(cost: number, level: number): number {
  return (cost >> (level * DIGIT_BITS)) & (DIGITS - 1);
}
