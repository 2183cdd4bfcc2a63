import { cutToWidth, displayWidth, padded } from './terminal-text.ts';

export interface Column<Row> {
  readonly title: string;
  /** Safe text: what it answers is written to the terminal. */
  readonly text: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** Applied after measuring and cutting, so that colours take no room. */
  readonly paint?: (text: string, row: Row) => string;
}

const GAP = '  ';
/** The last column is cut to what the terminal leaves, but never below this. */
const LAST_COLUMN_MIN = 16;

/** Rows under their titles. The last column is cut to the width of the terminal; null: nothing is cut. */
export function presentTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | null,
): readonly string[] {
  const texts = rows.map((row) => columns.map((column) => column.text(row)));
  const last = columns.length - 1;
  const widths = columns.map((column, index) =>
    texts.reduce(
      (widest, cells) => Math.max(widest, displayWidth(cells[index] ?? '')),
      displayWidth(column.title),
    ),
  );
  const before = widths.slice(0, last).reduce((sum, each) => sum + each + GAP.length, 0);
  const room = width === null ? Number.POSITIVE_INFINITY : Math.max(LAST_COLUMN_MIN, width - before);
  const cell = (text: string, index: number) => {
    if (index === last) return cutToWidth(text, room);
    return padded(text, widths[index] ?? 0, columns[index]?.align ?? 'left');
  };
  const header = columns.map((column, index) => cell(column.title, index)).join(GAP);
  const lines = rows.map((row, at) =>
    columns
      .map((column, index) => (column.paint ?? unpainted)(cell(texts[at]?.[index] ?? '', index), row))
      .join(GAP),
  );
  return [header, ...lines].map((line) => line.trimEnd());
}

function unpainted(text: string): string {
  return text;
}
