import type { Instant } from '#base/instant.ts';
import type { EntryKey } from '#domain/ports/entry-memory.ts';
import type { Connection } from '../database.ts';
import { copyRowsOut } from './copy-out.ts';
import { programMark } from './program-mark.ts';

const KEY_BYTES = 16;
const FINGERPRINT = KEY_BYTES;
const HASH = FINGERPRINT + 16;
const COVER = HASH + 8;
const HAS_COVER = COVER + 8;
const ENTRY_BYTES = HAS_COVER + 1;
const PART_ENTRIES = 5_000;
const PARTS_MAX = 64;

/** What one entry of a report says: which sighting, with which content, in which unit of coverage. */
export interface RememberedEntry {
  readonly fingerprint: Uint8Array;
  readonly hash: bigint;
  /** Null where the scan covers all of its scope. */
  readonly cover: bigint | null;
}

/**
 * What entries of reports of one scope said when they were read, in 49 bytes each. What stands here is a pure
 * function of an entry's key and of the program, so that it is true for ever: it needs no care when sightings
 * change, and whoever looks an entry up compares with what is stored.
 */
export class KnownEntries {
  readonly #keptParts: number;
  readonly #nextPart: number;
  /** Of the parts that were read. */
  readonly #bytes: Buffer;
  readonly #slots: Int32Array;
  readonly #isUsed: Uint8Array;
  #used = 0;
  #learned: Buffer[] = [];
  #open: Buffer | null = null;
  #openBytes = 0;

  private constructor(bytes: Buffer, parts: number, nextPart: number) {
    this.#bytes = bytes;
    this.#keptParts = parts;
    this.#nextPart = nextPart;
    const count = bytes.length / ENTRY_BYTES;
    this.#isUsed = new Uint8Array(count);
    let slots = 16;
    while (slots < count * 2) slots *= 2;
    this.#slots = new Int32Array(slots).fill(-1);
    for (let entry = 0; entry < count; entry++) {
      const slot = this.#slotOf(
        bytes.toString('latin1', entry * ENTRY_BYTES, entry * ENTRY_BYTES + KEY_BYTES),
      );
      if (this.#slots[slot] === -1) this.#slots[slot] = entry;
    }
  }

  /** Those that this very program learned, and not later than now. */
  static async read(
    connection: Connection,
    shard: bigint,
    scopeId: bigint,
    now: Instant,
  ): Promise<KnownEntries> {
    const parts: Buffer[] = [];
    let last = -1;
    // Numbers and a hash of ours; COPY takes no parameters.
    await copyRowsOut(
      connection,
      `select part, entries from entry_memory where shard = ${shard} and scope_id = ${scopeId} and program = '${programMark()}' and made_at <= '${new Date(now).toISOString()}' order by part`,
      (buffer, start) => {
        last = buffer.readInt32BE(start + 4);
        const length = buffer.readInt32BE(start + 8);
        parts.push(Buffer.from(buffer.subarray(start + 12, start + 12 + length)));
      },
    );
    return new KnownEntries(Buffer.concat(parts), parts.length, last + 1);
  }

  /** What the entry said; null for one that is not known. */
  find(key: EntryKey): RememberedEntry | null {
    const entry = this.#slots[this.#slotOf(key)] as number;
    if (entry < 0) return null;
    const start = entry * ENTRY_BYTES;
    return {
      fingerprint: this.#bytes.subarray(start + FINGERPRINT, start + HASH),
      hash: this.#bytes.readBigInt64LE(start + HASH),
      cover: this.#bytes[start + HAS_COVER] === 1 ? this.#bytes.readBigInt64LE(start + COVER) : null,
    };
  }

  /** The reports of the scope still have this entry: it is worth keeping. */
  keep(key: EntryKey): boolean {
    const entry = this.#slots[this.#slotOf(key)] as number;
    if (entry < 0) return false;
    if (this.#isUsed[entry] === 0) this.#used++;
    this.#isUsed[entry] = 1;
    return true;
  }

  learn(key: EntryKey, { fingerprint, hash, cover }: RememberedEntry): void {
    if (this.keep(key)) return;
    if (this.#open === null || this.#openBytes === this.#open.length) {
      if (this.#open !== null) this.#learned.push(this.#open);
      this.#open = Buffer.alloc(PART_ENTRIES * ENTRY_BYTES);
      this.#openBytes = 0;
    }
    const start = this.#openBytes;
    this.#open.write(key, start, KEY_BYTES, 'latin1');
    this.#open.set(fingerprint, start + FINGERPRINT);
    this.#open.writeBigInt64LE(hash, start + HASH);
    this.#open.writeBigInt64LE(cover ?? 0n, start + COVER);
    this.#open[start + HAS_COVER] = cover === null ? 0 : 1;
    this.#openBytes += ENTRY_BYTES;
  }

  /**
   * Stores what was learned beside what is stored, or in its place once most of that is of no use any more.
   * Nothing can be learned afterwards.
   */
  async save(connection: Connection, shard: bigint, scopeId: bigint, now: Instant): Promise<void> {
    const learned = [...this.#learned];
    if (this.#open !== null) learned.push(this.#open.subarray(0, this.#openBytes));
    this.#learned = [];
    this.#open = null;
    const isWorn =
      this.#used * 2 < this.#isUsed.length ||
      this.#keptParts > PARTS_MAX + this.#isUsed.length / PART_ENTRIES;
    const isEmpty = this.#isUsed.length === 0;
    if (learned.length === 0 && !isWorn) return;
    if (isWorn || isEmpty)
      await connection.query('delete from entry_memory where shard = $1 and scope_id = $2', [shard, scopeId]);
    let part = isWorn || isEmpty ? 0 : this.#nextPart;
    for (const entries of isWorn ? joined([...this.#usedEntries(), ...learned]) : learned)
      await connection.query({
        name: 'save-entries',
        text: 'insert into entry_memory (shard, scope_id, part, program, made_at, entries) values ($1, $2, $3, $4, $5, $6) on conflict (shard, scope_id, part) do update set program = excluded.program, made_at = excluded.made_at, entries = excluded.entries',
        values: [shard, scopeId, part++, programMark(), new Date(now), entries],
      });
  }

  *#usedEntries(): Iterable<Buffer> {
    for (let entry = 0; entry < this.#isUsed.length; entry++)
      if (this.#isUsed[entry] === 1)
        yield this.#bytes.subarray(entry * ENTRY_BYTES, (entry + 1) * ENTRY_BYTES);
  }

  /** The slot that holds the key, or the free one that may. */
  #slotOf(key: EntryKey): number {
    const mask = this.#slots.length - 1;
    // A key is a hash already: its first bytes spread well.
    let slot =
      (key.charCodeAt(0) | (key.charCodeAt(1) << 8) | (key.charCodeAt(2) << 16) | (key.charCodeAt(3) << 24)) &
      mask;
    for (;;) {
      const entry = this.#slots[slot] as number;
      if (entry < 0 || this.#isAt(entry * ENTRY_BYTES, key)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isAt(start: number, key: EntryKey): boolean {
    for (let i = 0; i < KEY_BYTES; i++) if (this.#bytes[start + i] !== key.charCodeAt(i)) return false;
    return true;
  }
}

/** In parts of the usual size. */
function* joined(pieces: readonly Buffer[]): Iterable<Buffer> {
  const bytes = Buffer.concat(pieces);
  for (let start = 0; start < bytes.length; start += PART_ENTRIES * ENTRY_BYTES)
    yield bytes.subarray(start, start + PART_ENTRIES * ENTRY_BYTES);
}
