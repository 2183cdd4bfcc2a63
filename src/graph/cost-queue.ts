import { COST_MAX } from './graph.ts';
import { int32s } from './large-array.ts';

/** A power of two, so that the place of a cost is some of its bits. */
const BUCKETS = COST_MAX + 1;

/** Far costs are compared by digits of so many bits; those of any path have so many digits. */
const DIGIT_BITS = 7;
const DIGIT_MAX = 2 ** DIGIT_BITS - 1;
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
 * Nodes that wait by whole costs and leave cheapest first, where none comes that is cheaper than what left last. What is no
 * further from that than the dearest edge waits in a ring of buckets, one for each cost, and what is further in a radix heap.
 * Sources: R. Dial, "Algorithm 360", CACM 12 (1969); R. Ahuja, K. Mehlhorn, J. Orlin and R. Tarjan, "Faster Algorithms for the
 * Shortest Path Problem", J. ACM 37 (1990).
 */
export class CostQueue {
  readonly #ring = Array.from({ length: BUCKETS }, () => new NumberList());
  readonly #far = new FarCosts();
  /** In the ring. */
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
    if (cost - this.#cost < BUCKETS) {
      this.#waiting++;
      (this.#ring[cost & COST_MAX] as NumberList).push(node);
    } else this.#far.push(cost, node);
  }

  /** Takes all that wait at the least cost and answers how many they are. None may come at that cost any more. */
  take(): number {
    this.#taken.size = 0;
    for (;;) {
      const { least } = this.#far;
      if (this.#waiting > 0)
        for (let cost = this.#cost; cost < least && cost < this.#cost + BUCKETS; cost++) {
          const list = this.#ring[cost & COST_MAX] as NumberList;
          if (list.size === 0) continue;
          this.#cost = cost;
          this.#taken = list;
          this.#waiting -= list.size;
          return list.size;
        }
      if (least === Number.POSITIVE_INFINITY) {
        this.#taken = NOTHING;
        this.#cost = 0;
        return 0;
      }
      this.#cost = least;
      this.#far.takeNearest((cost, node) => this.push(cost, node));
    }
  }
}

/** A radix heap: what waits moves once for each digit of its cost at the most. */
class FarCosts {
  /** By the first digit that is another than that of what left last, then by that digit: costs and nodes in turn. */
  readonly #lists: NumberList[][] = Array.from({ length: LEVELS }, () => []);
  /** What left last. */
  #cost = 0;
  #least = Number.POSITIVE_INFINITY;

  /** The least cost of all that wait; infinity where nothing does. */
  get least(): number {
    return this.#least;
  }

  push(cost: number, node: number): void {
    const level = Math.floor((31 - Math.clz32(cost ^ this.#cost)) / DIGIT_BITS);
    const row = this.#lists[level] as NumberList[];
    const digit = (cost >> (level * DIGIT_BITS)) & DIGIT_MAX;
    row[digit] ??= new NumberList();
    row[digit].push(cost);
    row[digit].push(node);
    this.#least = Math.min(this.#least, cost);
  }

  /** Hands out those at the least cost and some of the next ones, of which any may be given back. */
  takeNearest(hand: (cost: number, node: number) => void): void {
    const list = this.#nearest() as NumberList;
    this.#cost = this.#least;
    const { numbers, size } = list;
    list.size = 0;
    this.#least = leastOf(this.#nearest());
    for (let at = 0; at < size; at += 2) hand(numbers[at] as number, numbers[at + 1] as number);
    if (this.#least === Number.POSITIVE_INFINITY) this.#cost = 0;
  }

  #nearest(): NumberList | undefined {
    for (const row of this.#lists)
      for (const list of row) if (list !== undefined && list.size > 0) return list;
    return undefined;
  }
}

function leastOf(list: NumberList | undefined): number {
  let least = Number.POSITIVE_INFINITY;
  if (list !== undefined)
    for (let at = 0; at < list.size; at += 2) least = Math.min(least, list.numbers[at] as number);
  return least;
}
