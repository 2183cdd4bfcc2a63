import type { Comparison } from '#base/compare.ts';

/** Things of which the first in an order is wanted next: a binary heap. Between equal ones it promises no order. */
export class Heap<T> {
  readonly #compare: Comparison<T>;
  readonly #items: T[] = [];

  constructor(compare: Comparison<T>) {
    this.#compare = compare;
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = items[above] as T;
      if (this.#compare(other, item) <= 0) break;
      items[at] = other;
      at = above;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const item = items.pop();
    if (item === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && this.#compare(items[below + 1] as T, items[below] as T) < 0) below++;
      if (this.#compare(items[below] as T, item) >= 0) break;
      items[at] = items[below] as T;
      at = below;
    }
    items[at] = item;
    return first;
  }
}
