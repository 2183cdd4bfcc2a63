import type { SightingTraits } from '#domain/scan/closing.ts';
import type { ShortSighting } from './read-known.ts';

const FINGERPRINT_BYTES = 16;
const HASH = FINGERPRINT_BYTES;
const COVER = HASH + 8;
const TRAITS = COVER + 8;
const MARKS = TRAITS + 4;
const RECORD_BYTES = MARKS + 1;

const MERGED = 1;
const HELD = 2;
const GONE = 4;

const PART_RECORDS = 5_000;

/** Records of 37 bytes, and the traits that they have in common. */
export interface DigestPart {
  readonly entries: Buffer;
  readonly traits: readonly SightingTraits[];
}

export function recordsOf({ entries }: DigestPart): number {
  return entries.length / RECORD_BYTES;
}

/** Tells each sighting of a part that is open, and each that no longer is. */
export function readPart(
  { entries, traits }: DigestPart,
  open: (sighting: ShortSighting) => void,
  gone: (fingerprint: Uint8Array) => void,
): void {
  for (let start = 0; start < entries.length; start += RECORD_BYTES) {
    const fingerprint = entries.subarray(start, start + FINGERPRINT_BYTES);
    const marks = entries[start + MARKS] as number;
    if ((marks & GONE) !== 0) gone(fingerprint);
    else
      open({
        fingerprint,
        hash: entries.readBigInt64LE(start + HASH),
        cover: entries.readBigInt64LE(start + COVER),
        traits: traits[entries.readInt32LE(start + TRAITS)] as SightingTraits,
        isMerged: (marks & MERGED) !== 0,
        isHeld: (marks & HELD) !== 0,
      });
  }
}

/** Packs sightings into parts. */
export class DigestPacker {
  readonly #parts: DigestPart[] = [];
  #entries = Buffer.alloc(PART_RECORDS * RECORD_BYTES);
  #length = 0;
  #traits = new Map<SightingTraits, number>();

  /** Traits that are equal had better be one object. */
  add({ fingerprint, hash, cover, traits, isMerged, isHeld }: ShortSighting): void {
    const start = this.#next(fingerprint);
    let index = this.#traits.get(traits);
    if (index === undefined) {
      index = this.#traits.size;
      this.#traits.set(traits, index);
    }
    this.#entries.writeBigInt64LE(hash, start + HASH);
    this.#entries.writeBigInt64LE(cover, start + COVER);
    this.#entries.writeInt32LE(index, start + TRAITS);
    this.#entries[start + MARKS] = (isMerged ? MERGED : 0) | (isHeld ? HELD : 0);
  }

  addGone(fingerprint: Uint8Array): void {
    this.#entries[this.#next(fingerprint) + MARKS] = GONE;
  }

  /** All that was packed. Nothing can be added afterwards. */
  parts(): readonly DigestPart[] {
    this.#end();
    return this.#parts;
  }

  #next(fingerprint: Uint8Array): number {
    if (this.#length === this.#entries.length) this.#end();
    const start = this.#length;
    this.#entries.set(fingerprint, start);
    this.#length += RECORD_BYTES;
    return start;
  }

  #end(): void {
    if (this.#length === 0) return;
    this.#parts.push({
      entries: this.#entries.subarray(0, this.#length),
      traits: [...this.#traits.keys()],
    });
    this.#entries = Buffer.alloc(PART_RECORDS * RECORD_BYTES);
    this.#length = 0;
    this.#traits = new Map();
  }
}
