/** Takes no more rows than a search needs, and says so where there are more: a cap is told, never silent (attack-paths §4.6). */
export class CappedRows {
  readonly #notes = new Set<string>();

  /** Of rows of a query that asks for one more than `max`, the first `max`. */
  take<Row>(rows: readonly Row[], max: number, what: string): readonly Row[] {
    if (rows.length <= max) return rows;
    this.#notes.add(`Of ${what} the first ${max} are looked at, the others are left out.`);
    return rows.slice(0, max);
  }

  /** A sentence for each kind of which some were left out. */
  get notes(): readonly string[] {
    return [...this.#notes];
  }
}
