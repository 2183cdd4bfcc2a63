/** What becomes of the value at a path. */
export type Verdict =
  | { readonly kind: 'descend' | 'keep' | 'skip' }
  | { readonly kind: 'element'; readonly pattern: number };

interface PathPattern {
  readonly segments: readonly string[];
  readonly verdict: Verdict;
}

const DESCEND: Verdict = { kind: 'descend' };
const KEEP: Verdict = { kind: 'keep' };
const SKIP: Verdict = { kind: 'skip' };

/**
 * A path among patterns: `*` in one stands for any key or index, and `` is the whole document. A value whose path one
 * of `skip` names is skipped, one that one of `patterns` names is an element of the first of them, what holds such
 * values is descended into, and everything else is kept. Places are made once and remembered, so that a long list
 * costs one look-up for each of its elements.
 */
export class PathPlace {
  readonly verdict: Verdict;
  readonly #depth: number;
  readonly #live: readonly PathPattern[];
  readonly #names: ReadonlySet<string>;
  readonly #named = new Map<string, PathPlace>();
  #other: PathPlace | null = null;

  private constructor(live: readonly PathPattern[], depth: number) {
    this.#depth = depth;
    this.#live = live;
    this.#names = new Set(
      live.flatMap(({ segments }) => segments[depth] ?? []).filter((name) => name !== '*'),
    );
    this.verdict = verdictOf(live, depth);
  }

  static root(patterns: readonly string[], skip: readonly string[]): PathPlace {
    return new PathPlace(
      [
        ...skip.map((text) => ({ segments: segments(text), verdict: SKIP })),
        ...patterns.map((text, pattern) => ({
          segments: segments(text),
          verdict: { kind: 'element', pattern } as const,
        })),
      ],
      0,
    );
  }

  /** The place of a member or an element of the value that is here. */
  of(step: string | number): PathPlace {
    if (this.#names.size > 0) {
      const name = String(step);
      if (this.#names.has(name)) {
        let place = this.#named.get(name);
        if (place === undefined) {
          place = this.#make(name);
          this.#named.set(name, place);
        }
        return place;
      }
    }
    this.#other ??= this.#make(null);
    return this.#other;
  }

  /** What becomes of every element of the list that is here, where all of them are wanted one by one; else null. */
  get elements(): Verdict | null {
    if (this.#names.size > 0) return null;
    const { verdict } = this.of(0);
    return verdict.kind === 'element' ? verdict : null;
  }

  #make(name: string | null): PathPlace {
    const depth = this.#depth;
    return new PathPlace(
      this.#live.filter(({ segments }) => segments[depth] === '*' || segments[depth] === (name ?? '*')),
      depth + 1,
    );
  }
}

function segments(pattern: string): readonly string[] {
  return pattern === '' ? [] : pattern.split('.');
}

function verdictOf(live: readonly PathPattern[], depth: number): Verdict {
  const exact = live.find(({ segments }) => segments.length === depth);
  if (exact !== undefined) return exact.verdict;
  return live.some(({ segments, verdict }) => verdict !== SKIP && segments.length > depth) ? DESCEND : KEEP;
}
