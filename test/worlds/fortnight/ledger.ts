/** How a report should be taken. */
export type Reading =
  /** All of its scope: what it no longer shows is closed there. */
  | 'whole'
  /** It only adds. */
  | 'part'
  /** It shows less than there is in a way that people have to look at: nothing closes, the missing are held. */
  | 'held'
  /** Older than what is known of its scope: no finding opens or closes by it. */
  | 'history'
  /** Of an image that does not count, because a newer one runs: told as what it shows, but no finding opens or closes by it. */
  | 'overtaken'
  /** The bytes are known. */
  | 'same';

export interface Counts {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly closed: number;
  readonly held: number;
  readonly regressed: number;
}

/** The naive model: who shows what. It knows nothing of the product but the sentences above. */
export class Ledger {
  readonly #shown = new Map<string, ReadonlySet<string>>();
  readonly #contents = new Map<string, ReadonlyMap<string, string>>();
  readonly #ever = new Set<string>();

  get open(): ReadonlySet<string> {
    return new Set([...this.#shown.values()].flatMap((lines) => [...lines]));
  }

  /** Takes a report of `scope`, whose findings have `contents` by line: equal contents are no change. */
  take(scope: string, contents: ReadonlyMap<string, string>, reading: Reading): Counts {
    const before = this.open;
    const earlier = this.#shown.get(scope) ?? new Set<string>();
    const known = this.#contents.get(scope) ?? new Map<string, string>();
    const lines = new Set(contents.keys());
    const missing = [...earlier].filter((line) => !lines.has(line));
    if (reading === 'same' || reading === 'history')
      return { created: 0, changed: 0, unchanged: lines.size, closed: 0, held: 0, regressed: 0 };
    const created = [...lines].filter((line) => !this.#ever.has(line));
    if (reading === 'overtaken') {
      for (const line of lines) this.#ever.add(line);
      return {
        created: created.length,
        changed: lines.size - created.length,
        unchanged: 0,
        closed: 0,
        held: 0,
        regressed: 0,
      };
    }
    const regressed = [...lines].filter((line) => this.#ever.has(line) && !before.has(line));
    const changed = [...lines].filter((line) => before.has(line) && known.get(line) !== contents.get(line));
    this.#shown.set(scope, reading === 'whole' ? lines : new Set([...earlier, ...lines]));
    this.#contents.set(scope, reading === 'whole' ? contents : new Map([...known, ...contents]));
    for (const line of lines) this.#ever.add(line);
    const after = this.open;
    return {
      created: created.length,
      changed: changed.length,
      unchanged: lines.size - created.length - regressed.length - changed.length,
      closed: [...before].filter((line) => !after.has(line)).length,
      held: reading === 'held' ? missing.length : 0,
      regressed: regressed.length,
    };
  }

  /** Somebody retires scopes; answers how many findings nobody shows any more. */
  retire(scopes: readonly string[]): number {
    const before = this.open;
    for (const scope of scopes) this.#shown.delete(scope);
    const after = this.open;
    return [...before].filter((line) => !after.has(line)).length;
  }
}
