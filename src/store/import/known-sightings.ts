import type { SightingTraits } from '#domain/scan/closing.ts';
import type { ShortSighting } from './read-known.ts';

const SEEN = 1;
const MERGED = 2;
const HELD = 4;
const AGAIN = 8;
const ENDED = 16;
const MATCHED = 32;
const VANISHED = 64;
const STAGED = 128;

/**
 * The open sightings of one scope, as typed arrays: 16 bytes of fingerprint, content hash, cover, traits
 * and marks per entry, so that millions fit into memory and a lookup costs no allocation. Entries that a
 * scan brings are added as new ones.
 */
export class KnownSightings {
  #capacity: number;
  #size = 0;
  #slots: Int32Array;
  #fingerprints: Buffer;
  #hashes: BigInt64Array;
  #covers: BigInt64Array;
  #traits: Int32Array;
  #marks: Uint8Array;
  #files: Int32Array;
  #known = 0;
  readonly #traitList: SightingTraits[] = [];
  readonly #traitIndex = new Map<string, number>();
  #lastTraits: SightingTraits | null = null;
  #lastTraitsIndex = 0;

  /** With room for so many at first. */
  constructor(expected = 0) {
    this.#capacity = Math.max(1 << 10, expected);
    this.#slots = emptySlots(this.#capacity);
    this.#fingerprints = Buffer.alloc(this.#capacity * 16);
    this.#hashes = new BigInt64Array(this.#capacity);
    this.#covers = new BigInt64Array(this.#capacity);
    this.#traits = new Int32Array(this.#capacity);
    this.#marks = new Uint8Array(this.#capacity);
    this.#files = new Int32Array(this.#capacity);
  }

  /** Number of entries; those below `knownCount` were open before the scan. */
  get size(): number {
    return this.#size;
  }

  get knownCount(): number {
    return this.#known;
  }

  /** Adds a sighting that was open before. To be called for all of them before any new one. */
  addKnown({ fingerprint, hash, cover, traits, isMerged, isHeld }: ShortSighting): void {
    const index = this.#append(fingerprint, hash, cover, traits);
    this.#marks[index] = (isMerged ? MERGED : 0) | (isHeld ? HELD : 0);
    this.#known = this.#size;
  }

  /** Adds a sighting that the scan brings, and answers its entry. */
  addNew(fingerprint: Uint8Array, hash: bigint, cover: bigint, traits: SightingTraits, file: number): number {
    const index = this.#append(fingerprint, hash, cover, traits);
    this.markSeen(index, file);
    return index;
  }

  /** The entry of a fingerprint, or -1. */
  find(fingerprint: Uint8Array): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = firstSlot(fingerprint) & mask;
    for (;;) {
      const index = slots[slot] as number;
      if (index < 0) return -1;
      if (this.#equals(index, fingerprint)) return index;
      slot = (slot + 1) & mask;
    }
  }

  /** The same for a fingerprint that is written as a UUID. */
  findText(fingerprint: string): number {
    return this.find(fingerprintBytes(fingerprint));
  }

  fingerprintAt(index: number): string {
    const hex = this.#fingerprints.toString('hex', index * 16, index * 16 + 16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  hashAt(index: number): bigint {
    return this.#hashes[index] as bigint;
  }

  coverAt(index: number): bigint {
    return this.#covers[index] as bigint;
  }

  traitsAt(index: number): SightingTraits {
    return this.#traitList[this.#traits[index] as number] as SightingTraits;
  }

  isSeen(index: number): boolean {
    return ((this.#marks[index] as number) & SEEN) !== 0;
  }

  /** File number `file` is the first of the scan that shows it. */
  markSeen(index: number, file: number): void {
    this.#marks[index] = (this.#marks[index] as number) | SEEN;
    this.#files[index] = file;
  }

  /** The first file that shows it; of a sighting that the scan shows. */
  fileAt(index: number): number {
    return this.#files[index] as number;
  }

  /** Its stored content was put together from several entries of a report. */
  isMerged(index: number): boolean {
    return ((this.#marks[index] as number) & MERGED) !== 0;
  }

  isHeld(index: number): boolean {
    return ((this.#marks[index] as number) & HELD) !== 0;
  }

  /** The scan shows it in several entries that differ. */
  isAgain(index: number): boolean {
    return ((this.#marks[index] as number) & AGAIN) !== 0;
  }

  markAgain(index: number): void {
    this.#marks[index] = (this.#marks[index] as number) | AGAIN;
  }

  /** One entry of the scan is just as it is stored, and so was not staged. */
  isMatched(index: number): boolean {
    return ((this.#marks[index] as number) & MATCHED) !== 0;
  }

  markMatched(index: number): void {
    this.#marks[index] = (this.#marks[index] as number) | MATCHED;
  }

  isEnded(index: number): boolean {
    return ((this.#marks[index] as number) & ENDED) !== 0;
  }

  markEnded(index: number): void {
    this.#marks[index] = (this.#marks[index] as number) | ENDED;
  }

  /** It was open in what the scan looked at, and the scan does not show it. */
  isVanished(index: number): boolean {
    return ((this.#marks[index] as number) & VANISHED) !== 0;
  }

  markVanished(index: number): void {
    this.#marks[index] = (this.#marks[index] as number) | VANISHED;
  }

  /** The scan brings it or shows it otherwise than it is stored: a row of the stage says how. */
  isStaged(index: number): boolean {
    return ((this.#marks[index] as number) & STAGED) !== 0;
  }

  markStaged(index: number, isStaged: boolean): void {
    const others = (this.#marks[index] as number) & ~STAGED;
    this.#marks[index] = isStaged ? others | STAGED : others;
  }

  #append(fingerprint: Uint8Array, hash: bigint, cover: bigint, traits: SightingTraits): number {
    if (this.#size === this.#capacity) this.#grow();
    const index = this.#size++;
    this.#fingerprints.set(fingerprint, index * 16);
    this.#hashes[index] = hash;
    this.#covers[index] = cover;
    this.#traits[index] = this.#internTraits(traits);
    this.#insert(index, fingerprint);
    return index;
  }

  #insert(index: number, fingerprint: Uint8Array): void {
    const mask = this.#slots.length - 1;
    let slot = firstSlot(fingerprint) & mask;
    while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index;
  }

  #internTraits(traits: SightingTraits): number {
    if (traits === this.#lastTraits) return this.#lastTraitsIndex;
    const key = `${traits.findingClass}|${traits.severity}|${traits.fixable}|${traits.rule}`;
    let index = this.#traitIndex.get(key);
    if (index === undefined) {
      index = this.#traitList.push(traits) - 1;
      this.#traitIndex.set(key, index);
    }
    this.#lastTraits = traits;
    this.#lastTraitsIndex = index;
    return index;
  }

  #equals(index: number, fingerprint: Uint8Array): boolean {
    const offset = index * 16;
    for (let i = 0; i < 16; i++) if (this.#fingerprints[offset + i] !== fingerprint[i]) return false;
    return true;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#fingerprints = Buffer.concat([this.#fingerprints], this.#capacity * 16);
    this.#hashes = enlarge(this.#hashes, new BigInt64Array(this.#capacity));
    this.#covers = enlarge(this.#covers, new BigInt64Array(this.#capacity));
    this.#traits = enlarge(this.#traits, new Int32Array(this.#capacity));
    this.#marks = enlarge(this.#marks, new Uint8Array(this.#capacity));
    this.#files = enlarge(this.#files, new Int32Array(this.#capacity));
    this.#slots = emptySlots(this.#capacity);
    for (let index = 0; index < this.#size; index++)
      this.#insert(index, this.#fingerprints.subarray(index * 16, index * 16 + 16));
  }
}

/** The 16 bytes of a fingerprint that is written as a UUID. */
export function fingerprintBytes(fingerprint: string): Buffer {
  return Buffer.from(fingerprint.replaceAll('-', ''), 'hex');
}

/** A fingerprint is a hash already: its first four bytes spread well. */
function firstSlot(fingerprint: Uint8Array): number {
  return (
    ((fingerprint[0] as number) |
      ((fingerprint[1] as number) << 8) |
      ((fingerprint[2] as number) << 16) |
      ((fingerprint[3] as number) << 24)) >>>
    0
  );
}

/** A power of two, and twice as many as entries at the least. */
function emptySlots(entries: number): Int32Array {
  return new Int32Array(2 ** Math.ceil(Math.log2(entries * 2))).fill(-1);
}

function enlarge<T extends { set(source: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
