import type { KnownSightings } from './known-sightings.ts';

/** How many sightings of a scope are open, and how many of those are held. */
export class ShownCount {
  open = 0;
  held = 0;
  readonly #known: KnownSightings | null;
  /** Of the known ones: 1 for those of which it was told what became. */
  readonly #told: Uint8Array;

  constructor(known: KnownSightings | null = null) {
    this.#known = known;
    this.#told = new Uint8Array(known?.size ?? 0);
  }

  /** As it was before a scan, which may have added to what is known. */
  static before(known: KnownSightings): ShownCount {
    const count = new ShownCount(known);
    for (let index = 0; index < known.knownCount; index++) count.add(known.isHeld(index));
    return count;
  }

  /** One more that is open. */
  add(isHeld: boolean): void {
    this.open++;
    if (isHeld) this.held++;
  }

  /** What became of one of the known sightings; told again, it counts once. */
  changed(fingerprint: Uint8Array, isOpen: boolean, isHeld: boolean): void {
    const index = this.#known?.find(fingerprint) ?? -1;
    if (this.#known === null || index < 0 || this.#told[index] === 1) return;
    this.#told[index] = 1;
    const wasOpen = index < this.#known.knownCount;
    if (wasOpen) this.open--;
    if (wasOpen && this.#known.isHeld(index)) this.held--;
    if (isOpen) this.add(isHeld);
  }
}
