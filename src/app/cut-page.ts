import type { ListedPage } from '#domain/ports/explorer-store.ts';

/** One page as doors hand it on. */
export interface CutPage<Row> {
  readonly rows: readonly Row[];
  /** Of all pages. */
  readonly total: number;
  /** The last row, behind which the next page begins; null: this was the last page. */
  readonly last: Row | null;
}

/** A store answers one row more than was asked for where a page follows. */
export function cutPage<Row>({ rows, total }: ListedPage<Row>, limit: number): CutPage<Row> {
  const page = rows.slice(0, limit);
  return { rows: page, total, last: rows.length > limit ? (page.at(-1) ?? null) : null };
}
