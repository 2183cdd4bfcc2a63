import type { FindingSummary } from '#domain/finding/finding-state.ts';

/** So many summaries take some tens of megabytes. */
const KEPT_MAX = 10_000;

/**
 * The summaries of findings by their likeness, which says all of them that is assessed: a million findings are assessed
 * a part at a time, and those of many issues are alike. Lives for one assessment of many issues.
 */
export class KeptSummaries {
  #kept = new Map<string, FindingSummary>();
  readonly #most: number;

  constructor(most = KEPT_MAX) {
    this.#most = most;
  }

  /** Those of one part, which stay until it is assessed. */
  forSome(): SummariesOfPart {
    if (this.#kept.size > this.#most) this.#kept = new Map();
    return new SummariesOfPart(this.#kept);
  }
}

class SummariesOfPart {
  readonly #kept: Map<string, FindingSummary>;
  readonly #wanted = new Set<string>();

  constructor(kept: Map<string, FindingSummary>) {
    this.#kept = kept;
  }

  /** Whether a summary of this likeness has to be loaded, which is so once. */
  want(likeness: string): boolean {
    if (this.#kept.has(likeness) || this.#wanted.has(likeness)) return false;
    this.#wanted.add(likeness);
    return true;
  }

  /** What only people read is of one finding alone, and goes. */
  keep(likeness: string, summary: FindingSummary): void {
    this.#kept.set(likeness, { ...summary, title: '', fix: null, fixable: null, locations: [], sources: [] });
  }

  of(likeness: string): FindingSummary {
    return this.#kept.get(likeness) as FindingSummary;
  }
}
