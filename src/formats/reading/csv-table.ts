import { pipeline, Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { parse as parseAll } from 'csv-parse/sync';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readHead } from './describe-head.ts';
import { type EntryReading, toItem } from './read-entries.ts';

const DELIMITERS = [',', ';', '\t'];
/** How many rows may stand above the names of the columns. */
const ROWS_ABOVE_MAX = 11;
const COLUMNS_MAX = 1_000;
const CELL_MAX = 1024 * 1024;
const ROW_MAX = 16 * CELL_MAX;
const ROWS_MAX = 10_000_000;

/** Columns by which a table is known: all of one of the ways. */
export type KnownColumns = readonly (readonly string[])[];

/** Where a table begins. */
export interface CsvTable {
  readonly delimiter: string;
  readonly columns: readonly string[];
  /** Rows above the names of the columns. */
  readonly above: number;
}

/** One row under the names of its columns. */
export interface CsvRow {
  /** The cell in the first of these columns that the table has and the row fills; outer space taken off, undefined for none. */
  text(...columns: readonly string[]): string | undefined;
}

const heads = new WeakMap<ReportHead, ReadonlyMap<string, readonly (readonly string[])[]>>();

/**
 * The table that a file begins with, told by the names of its columns, whatever separates them (comma, semicolon, tab)
 * and whatever rows a vendor puts above; null where no row has all the names of one of the ways.
 */
export function csvTable(head: ReportHead, known: KnownColumns): CsvTable | null {
  for (const [delimiter, first] of firstRowsOf(head)) {
    const above = first.findIndex((row) => known.some((names) => names.every((name) => row.includes(name))));
    if (above >= 0) return { delimiter, columns: first[above] as readonly string[], above };
  }
  return null;
}

const COLUMNS_OF_TABLE = 3;
const COLUMN_NAME = /^[A-Za-z@][A-Za-z _.@/()?-]{0,60}$/;

/** The names that the first row of a text seems to give its columns; null for a text that is no table of three or more. */
export function columnsAtFirst(head: ReportHead): readonly string[] | null {
  const rows = [...firstRowsOf(head).values()].map(([first]) => first ?? []);
  const widest = rows.reduce((best, row) => (row.length > best.length ? row : best), [] as readonly string[]);
  // What is no name may be anything, a password too.
  return widest.length >= COLUMNS_OF_TABLE && widest.every((name) => COLUMN_NAME.test(name)) ? widest : null;
}

function firstRowsOf(head: ReportHead): ReadonlyMap<string, readonly (readonly string[])[]> {
  if (!mayBeTable(head)) return new Map();
  let rows = heads.get(head);
  if (rows === undefined) {
    rows = new Map(DELIMITERS.map((delimiter) => [delimiter, firstRows(head.text, delimiter)]));
    heads.set(head, rows);
  }
  return rows;
}

/** False for what is JSON or XML. A quoted name is a text in JSON and a number a number: only containers are something else. */
export function mayBeTable(head: ReportHead): boolean {
  if (head.shape === 'xml' || head.shape === 'empty') return false;
  return typeof head.json !== 'object' || head.json === null;
}

function firstRows(text: string, delimiter: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  try {
    parseAll(text, {
      ...DIALECT,
      delimiter,
      to: ROWS_ABOVE_MAX + 1,
      on_record: (row: string[]) => {
        rows.push(row.map((cell) => cell.trim()));
        return null;
      },
    });
  } catch {
    // The head may be cut off, or no table at all; what was read before counts.
  }
  return rows;
}

const DIALECT = {
  bom: true,
  // Vendors write quotes in the middle of cells that are not quoted.
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
  max_record_size: ROW_MAX,
} as const;

/**
 * The rows of a table, one record each (an empty one says nothing), in memory one at a time. A row that lacks what it needs or is too large is a reject
 * with its number, counted as spreadsheets do. Of two columns of one name the first is read.
 * Throws `report_broken` where the file has no such columns or a quote is never closed, `too_large` beyond 1,000 columns
 * or 10 million rows (reliability §6.1).
 */
export async function* readTable(
  input: ReportInput,
  known: KnownColumns,
  noun: string,
  read: (row: CsvRow) => EntryReading,
  rowsMax = ROWS_MAX,
): AsyncGenerator<ReportItem> {
  const table = csvTable(await readHead(input), known);
  if (table === null)
    throw new InboxError(
      'report_broken',
      `The file has no row with the names of the columns: ${(known[0] ?? []).join(', ')}.`,
    );
  const index = indexOf(table.columns);
  let number = 0;
  for await (const cells of rowsOf(input, table.delimiter)) {
    number++;
    if (number <= table.above + 1) continue;
    if (number > rowsMax)
      throw new InboxError(
        'too_large',
        `The table has more than ${rowsMax.toLocaleString('en')} rows; what stands before is kept. Split it and import the parts.`,
      );
    const at = `row ${number}`;
    if (cells.some((cell) => cell.length > CELL_MAX)) {
      const message = `Expected ${noun}, found a cell that is larger than 1 MB.`;
      yield { kind: 'reject', at, code: 'too_large', message };
    } else if (cells.every((cell) => cell.trim() === '')) yield { kind: 'record', at, observations: [] };
    else yield toItem(at, noun, read(new Row(cells, index)));
  }
}

class Row implements CsvRow {
  readonly #cells: readonly string[];
  readonly #index: ReadonlyMap<string, number>;

  constructor(cells: readonly string[], index: ReadonlyMap<string, number>) {
    this.#cells = cells;
    this.#index = index;
  }

  text(...columns: readonly string[]): string | undefined {
    for (const column of columns) {
      const cell = this.#cells[this.#index.get(column) ?? -1]?.trim();
      if (cell !== undefined && cell !== '') return cell;
    }
    return undefined;
  }
}

function indexOf(columns: readonly string[]): ReadonlyMap<string, number> {
  const index = new Map<string, number>();
  for (const [position, column] of columns.entries()) if (!index.has(column)) index.set(column, position);
  return index;
}

async function* rowsOf(input: ReportInput, delimiter: string): AsyncGenerator<readonly string[]> {
  // An error would throw away the rows before it that are still on their way; so it is kept until they are delivered.
  let broken: CsvError | null = null;
  const parser = parse({ ...DIALECT, delimiter, skip_records_with_error: true });
  parser.on('skip', (error) => {
    broken ??= error ?? null;
  });
  const rows = pipeline(Readable.from(input.open()), parser, () => {
    // The loop below meets the error.
  });
  let number = 0;
  for await (const row of rows) {
    const cells = row as readonly string[];
    if (cells.length > COLUMNS_MAX)
      throw new InboxError(
        'too_large',
        `Expected at most ${COLUMNS_MAX.toLocaleString('en')} columns, found more in a row. Leave away the ones that say nothing of findings.`,
      );
    number++;
    yield cells;
  }
  if (broken !== null) throw refusal(broken, number + 1);
}

function refusal(cause: CsvError, number: number): InboxError {
  switch (cause.code) {
    case 'CSV_MAX_RECORD_SIZE':
      return new InboxError(
        'too_large',
        `Expected rows of at most 16 MB, found a longer one behind row ${number - 1}. Leave its long texts away, or close the quote that it opens.`,
        { cause },
      );
    case 'CSV_QUOTE_NOT_CLOSED':
      return new InboxError(
        'report_broken',
        `The table breaks at row ${number}: a cell of it opens with a quote that is never closed. Double the quotes that belong to a text, or export the table anew.`,
        { cause },
      );
    default:
      return new InboxError(
        'report_broken',
        `The table breaks at row ${number}: ${oneLine(cause.message, 200)}.`,
        { cause },
      );
  }
}
