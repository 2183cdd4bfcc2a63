import type { FindingSummary } from '#domain/finding/finding-state.ts';

/** What of a finding nobody but rules asks for. */
export interface FineFacts {
  readonly title: string;
  readonly fixable: boolean | null;
  readonly tool_check: string | null;
}

/** So many summaries take some tens of megabytes. */
const KEPT_MAX = 10_000;

/**
 * The summaries of findings by their likeness, which says all of them that is assessed, and by their fine likeness what rules alone ask
 * of them: a million findings are assessed a part at a time, and those of many issues are alike. Lives for one assessment of many issues.
 */
export class KeptSummaries {
  readonly summaries: KeptOf<FindingSummary>;
  readonly fine: KeptOf<FineFacts>;

  constructor(most = KEPT_MAX) {
    this.summaries = new KeptOf(most);
    this.fine = new KeptOf(most);
  }
}

class KeptOf<Kept> {
  #kept = new Map<string, Kept>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Those of one part, which stay until it is assessed. */
  forSome(): KeptOfPart<Kept> {
    if (this.#kept.size > this.#most) this.#kept = new Map();
    return new KeptOfPart(this.#kept);
  }
}

class KeptOfPart<Kept> {
  readonly #kept: Map<string, Kept>;
  readonly #wanted = new Set<string>();

  constructor(kept: Map<string, Kept>) {
    this.#kept = kept;
  }

  /** Whether what belongs to this likeness has to be loaded, which is so once. */
  want(likeness: string): boolean {
    if (this.#kept.has(likeness) || this.#wanted.has(likeness)) return false;
    this.#wanted.add(likeness);
    return true;
  }

  keep(likeness: string, kept: Kept): void {
    this.#kept.set(likeness, kept);
  }

  of(likeness: string): Kept {
    return this.#kept.get(likeness) as Kept;
  }
}
