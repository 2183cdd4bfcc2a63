const BYTES = 16;

/**
 * A set of issue ids (16 characters each, `issueId` in the domain) in typed arrays: an import may touch as
 * many issues as it has findings, and none of them should cost an object.
 */
export class IssueIds implements Iterable<string> {
  #size = 0;
  #ids = Buffer.alloc(1 << 10);
  #slots = new Int32Array(1 << 8).fill(-1);
  readonly #probe = Buffer.alloc(BYTES);

  get size(): number {
    return this.#size;
  }

  add(id: string): void {
    if (id.length !== BYTES) throw new Error(`an id of an issue has ${BYTES} characters: ${id}`);
    this.#probe.write(id, 'latin1');
    const slot = this.#slotOf(this.#probe, 0);
    if ((this.#slots[slot] as number) >= 0) return;
    if ((this.#size + 1) * BYTES > this.#ids.length)
      this.#ids = Buffer.concat([this.#ids], this.#ids.length * 2);
    this.#probe.copy(this.#ids, this.#size * BYTES);
    this.#slots[slot] = this.#size++;
    if (this.#size * 2 > this.#slots.length) this.#spread();
  }

  addAll(ids: Iterable<string>): void {
    for (const id of ids) this.add(id);
  }

  *[Symbol.iterator](): Iterator<string> {
    for (let index = 0; index < this.#size; index++)
      yield this.#ids.toString('latin1', index * BYTES, (index + 1) * BYTES);
  }

  /** The slot that holds these bytes, or the free one that may. */
  #slotOf(bytes: Buffer, offset: number): number {
    const mask = this.#slots.length - 1;
    let slot = mixed(bytes, offset) & mask;
    for (;;) {
      const index = this.#slots[slot] as number;
      if (index < 0) return slot;
      const start = index * BYTES;
      if (bytes.compare(this.#ids, start, start + BYTES, offset, offset + BYTES) === 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #spread(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let index = 0; index < this.#size; index++)
      this.#slots[this.#slotOf(this.#ids, index * BYTES)] = index;
  }
}

/** The characters are of an alphabet of 32, so that no byte of them alone spreads well (FNV-1a). */
function mixed(bytes: Buffer, offset: number): number {
  let hash = 0x811c9dc5;
  for (let i = offset; i < offset + BYTES; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash >>> 0;
}
