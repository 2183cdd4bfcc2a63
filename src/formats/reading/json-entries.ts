import { InboxError } from '#base/inbox-error.ts';
import { asArray, asObject, at, type JsonObject, parseJson } from '#base/json-value.ts';
import { sliceJsonInRuns } from '#base/slice-json.ts';
import { textLines } from '#base/text-lines.ts';
import type { ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readHead } from './describe-head.ts';

/** One entry of a log, or why it can't be read. */
export type JsonEntry =
  | { readonly kind: 'entry'; readonly at: string; readonly value: JsonObject }
  | Extract<ReportItem, { kind: 'reject' }>;

/**
 * The objects of a JSON log in each of its usual wrappings: one per line, several of them behind each other, an array,
 * a page of them (`pages` are paths of its list: `Records`, `hits.hits`), or one alone. A broken line is a reject and
 * the rest is read. `noun` says what was expected. `silent`: the tool prints nothing where it finds nothing, so that a file
 * without a byte, once somebody says whose it is, holds no entry and is not refused as `report_empty`.
 */
export async function* jsonEntries(
  input: ReportInput,
  pages: readonly string[],
  noun: string,
  silent?: 'silent',
): AsyncGenerator<JsonEntry> {
  const head = await readHead(input);
  if (head.shape === 'empty' && silent !== undefined) return;
  const isLines = head.shape === 'json-lines';
  const isArray = Array.isArray(head.json);
  const lists = isLines ? [''] : isArray ? ['*'] : pages.map((page) => `${page}.*`);
  const patterns = lists.length === 0 ? [''] : lists;
  // Where the head ends before the list, its entries come before the end of the document.
  let sawList = pages.some((page) => Array.isArray(at(head.json, ...page.split('.'))));
  let delivered = 0;
  try {
    for await (const run of sliceJsonInRuns(input.open(), { patterns, documents: isLines })) {
      for (const event of run) {
        if (event.kind !== 'close') {
          sawList = true;
          delivered++;
        }
        if (event.kind === 'bad') {
          const message = `Expected ${noun}, found a value that is ${event.message}.`;
          yield { kind: 'reject', at: event.path || 'entry', code: 'not_json', message };
        } else if (event.kind === 'element') {
          // `yield*` would wait once more for each of them.
          for (const entry of entriesOf(event.value, event.path || 'entry', isLines ? pages : [], noun))
            yield entry;
        } else if (event.depth === 0 && !isLines && !isArray && !sawList) {
          // Without a list the document is one entry.
          yield { kind: 'entry', at: 'entry', value: event.value };
        }
      }
    }
  } catch (broken) {
    if (!isLines || !(broken instanceof InboxError) || !isJson(head.text.split('\n', 1)[0] ?? ''))
      throw broken;
    yield* linesFrom(input, delivered, pages, noun, broken);
  }
}

/**
 * The lines of a log after so many that were read, where one of them is broken: each for itself. A last line that ends
 * in the middle is where the file was cut off, which is thrown.
 */
async function* linesFrom(
  input: ReportInput,
  read: number,
  pages: readonly string[],
  noun: string,
  broken: InboxError,
): AsyncGenerator<JsonEntry> {
  let index = -1;
  for await (const { text, isLast } of textLines(input.open(), LINE_MAX, () => broken)) {
    if (text.trim() === '' || ++index < read) continue;
    const place = `[${index}]`;
    if (isJson(text)) yield* entriesOf(parseJson(text), place, pages, noun);
    else if (isLast) throw broken;
    else {
      const message = `Expected ${noun}, found a line that is no valid JSON.`;
      yield { kind: 'reject', at: place, code: 'not_json', message };
    }
  }
}

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

const LINE_MAX = 64 * 1024 * 1024;

function* entriesOf(
  value: unknown,
  place: string,
  pages: readonly string[],
  noun: string,
): Generator<JsonEntry> {
  const object = asObject(value);
  const page = pages.find((path) => Array.isArray(at(object, ...path.split('.'))));
  if (page !== undefined) {
    for (const [index, entry] of asArray(at(object, ...page.split('.'))).entries())
      yield* entriesOf(entry, `${place}.${page}[${index}]`, [], noun);
  } else if (object !== undefined) yield { kind: 'entry', at: place, value: object };
  else {
    const message = `Expected ${noun}, found another kind of JSON value.`;
    yield { kind: 'reject', at: place, code: 'wrong_type', message };
  }
}

/** The first object of the head, in any of those wrappings. */
export function firstEntry(head: ReportHead, pages: readonly string[]): JsonObject | undefined {
  if (Array.isArray(head.json)) return asObject(head.json[0]);
  const page = pages.find((path) => asArray(at(head.json, ...path.split('.'))).length > 0);
  return page === undefined ? asObject(head.json) : asObject(asArray(at(head.json, ...page.split('.')))[0]);
}
