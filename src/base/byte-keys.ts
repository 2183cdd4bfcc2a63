/**
 * A set of keys of one width in typed arrays, numbered in the order in which they came: an import meets
 * millions of them, and none should cost an object.
 */
export class ByteKeys {
  readonly #width: number;
  #size = 0;
  #keys: Buffer;
  #slots = new Int32Array(1 << 8).fill(-1);

  constructor(width: number) {
    this.#width = width;
    this.#keys = Buffer.alloc(width << 6);
  }

  get size(): number {
    return this.#size;
  }

  /** The number of the key, which is added where it is not there. */
  add(key: Buffer): number {
    const slot = this.#slotOf(key, 0);
    const known = this.#slots[slot] as number;
    if (known >= 0) return known;
    const index = this.#size++;
    if (this.#size * this.#width > this.#keys.length)
      this.#keys = Buffer.concat([this.#keys], this.#keys.length * 2);
    key.copy(this.#keys, index * this.#width, 0, this.#width);
    this.#slots[slot] = index;
    if (this.#size * 2 > this.#slots.length) this.#spread();
    return index;
  }

  /** The number of the key, or -1. */
  find(key: Buffer): number {
    return this.#slots[this.#slotOf(key, 0)] as number;
  }

  keyAt(index: number): Buffer {
    return this.#keys.subarray(index * this.#width, (index + 1) * this.#width);
  }

  /** The slot that holds the key, or the free one that may. */
  #slotOf(bytes: Buffer, offset: number): number {
    const width = this.#width;
    const mask = this.#slots.length - 1;
    let slot = mixed(bytes, offset, width) & mask;
    for (;;) {
      const index = this.#slots[slot] as number;
      if (index < 0) return slot;
      const start = index * width;
      if (bytes.compare(this.#keys, start, start + width, offset, offset + width) === 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #spread(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let index = 0; index < this.#size; index++)
      this.#slots[this.#slotOf(this.#keys, index * this.#width)] = index;
  }
}

/** Keys may be texts, of which no byte alone spreads well (FNV-1a). */
function mixed(bytes: Buffer, offset: number, width: number): number {
  let hash = 0x811c9dc5;
  for (let i = offset; i < offset + width; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
