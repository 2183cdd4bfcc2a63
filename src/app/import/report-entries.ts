import { hash } from 'node:crypto';
import type { EntryKey, EntryMemory } from '#domain/ports/entry-memory.ts';
import type { InputLimits } from '#domain/ports/input-limits.ts';
import { canCountFinding, countFinding } from './finding-limit.ts';
import type { FileTally, OpenScan, OpenScans } from './open-scans.ts';

const CONTEXT_BYTES = 32;
const ENTRY_BYTES_MAX = 64 * 1024;

/** The memory of entries as the reader of one file sees it: of the scan that it opened last. */
export class ReportEntries implements EntryMemory {
  readonly #scans: OpenScans;
  readonly #file: FileTally;
  readonly #reading: string;
  readonly #limits: InputLimits;
  #scan: OpenScan | null = null;
  #number = 0;
  #context: string | null = null;
  readonly #bytes = new Uint8Array(CONTEXT_BYTES + ENTRY_BYTES_MAX);

  /** `reading` is everything outside of the report that decides what its entries say, but for the scan's naming. */
  constructor(scans: OpenScans, file: FileTally, reading: readonly (string | null)[], limits: InputLimits) {
    this.#scans = scans;
    this.#file = file;
    this.#limits = limits;
    this.#reading = JSON.stringify(reading);
  }

  open(scan: OpenScan): void {
    this.#scan = scan;
    this.#number = this.#scans.fileNumber(scan, this.#file);
    this.#context = null;
  }

  keyOf(context: string, bytes: Uint8Array): EntryKey | null {
    if (this.#scan === null || bytes.length > ENTRY_BYTES_MAX) return null;
    if (context !== this.#context) {
      this.#context = context;
      const around = JSON.stringify([this.#reading, this.#scan.naming, context]);
      this.#bytes.set(hash('sha256', around, 'buffer'));
    }
    this.#bytes.set(bytes, CONTEXT_BYTES);
    return hash('sha256', this.#bytes.subarray(0, CONTEXT_BYTES + bytes.length), 'binary').slice(0, 16);
  }

  recall(key: EntryKey): boolean {
    if (this.#scan === null || !canCountFinding(this.#file, this.#limits)) return false;
    if (!this.#scan.import.recall(key, this.#number)) return false;
    this.#file.records++;
    this.#scan.tally.records++;
    countFinding(this.#file, this.#limits);
    this.#scan.tally.findings++;
    return true;
  }
}
