import type { FileOutcome } from '#domain/ports/import-store.ts';
import type { RefreshedFinding } from '../findings.ts';
import type { KnownSightings } from './known-sightings.ts';

/** Counts what a scan moves, each finding at the first file that shows it, without holding a finding. */
export class MovementTally {
  readonly #known: KnownSightings;
  readonly #files: { -readonly [Count in keyof FileOutcome]: number }[];
  #closed = 0;
  #regressed = 0;
  readonly #closedWhy = new Map<string, number>();

  constructor(known: KnownSightings, files: number) {
    this.#known = known;
    this.#files = Array.from({ length: files }, () => ({
      created: 0,
      changed: 0,
      unchanged: 0,
      regressed: 0,
    }));
    for (let index = 0; index < known.size; index++)
      if (known.isSeen(index)) this.#at(known.fileAt(index)).unchanged++;
  }

  get files(): readonly FileOutcome[] {
    return this.#files;
  }

  get closed(): number {
    return this.#closed;
  }

  get regressed(): number {
    return this.#regressed;
  }

  get closedWhy(): ReadonlyMap<string, number> {
    return this.#closedWhy;
  }

  /** So many findings of the stage, first shown by this file, are new, were open, or were closed and are open again. */
  addStaged(file: number, is: 'created' | 'changed' | 'regressed', count: number): void {
    this.#at(file).unchanged -= count;
    this.#at(file)[is] += count;
    if (is === 'regressed') this.#regressed += count;
  }

  /** A finding that was derived anew though the stage brings nothing of it, or nothing that opens it by itself. */
  addRefreshed({ fingerprint, wasOpen, isOpen }: RefreshedFinding, why: string): void {
    if (wasOpen && !isOpen) {
      this.#closed++;
      this.#closedWhy.set(why, (this.#closedWhy.get(why) ?? 0) + 1);
    }
    if (wasOpen || !isOpen) return;
    this.#regressed++;
    const index = this.#known.findText(fingerprint);
    if (index < 0 || !this.#known.isSeen(index)) return;
    const counts = this.#at(this.#known.fileAt(index));
    if (this.#known.isStaged(index)) counts.changed--;
    else counts.unchanged--;
    counts.regressed++;
  }

  #at(file: number) {
    return this.#files[file] as { -readonly [Count in keyof FileOutcome]: number };
  }
}
