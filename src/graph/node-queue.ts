/** Nodes by a number each, the smallest first: a binary heap in typed arrays. A node may wait several times. */
export class NodeQueue {
  #keys = new Float64Array(64);
  #nodes = new Int32Array(64);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number of the node that comes next; infinity when none waits. */
  get key(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#keys[0] as number);
  }

  clear(): void {
    this.#size = 0;
  }

  push(key: number, node: number): void {
    if (this.#size === this.#keys.length) this.#widen();
    const keys = this.#keys;
    const nodes = this.#nodes;
    let at = this.#size++;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((keys[above] as number) <= key) break;
      keys[at] = keys[above] as number;
      nodes[at] = nodes[above] as number;
      at = above;
    }
    keys[at] = key;
    nodes[at] = node;
  }

  /** The node with the smallest number, which leaves the queue; -1 when none waits. */
  pop(): number {
    if (this.#size === 0) return -1;
    const keys = this.#keys;
    const nodes = this.#nodes;
    const first = nodes[0] as number;
    const size = --this.#size;
    const key = keys[size] as number;
    const node = nodes[size] as number;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= size) break;
      if (below + 1 < size && (keys[below + 1] as number) < (keys[below] as number)) below++;
      if ((keys[below] as number) >= key) break;
      keys[at] = keys[below] as number;
      nodes[at] = nodes[below] as number;
      at = below;
    }
    keys[at] = key;
    nodes[at] = node;
    return first;
  }

  #widen(): void {
    const keys = new Float64Array(this.#keys.length * 2);
    keys.set(this.#keys);
    this.#keys = keys;
    const nodes = new Int32Array(keys.length);
    nodes.set(this.#nodes);
    this.#nodes = nodes;
  }
}
