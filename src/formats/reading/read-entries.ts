import { asObject, type JsonObject } from '#base/json-value.ts';
import { sliceJsonInRuns } from '#base/slice-json.ts';
import type { SliceEvent } from '#base/unread-element.ts';
import type { Observation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { jsonEntries } from './json-entries.ts';

/** What an entry says, or the sentence that tells what it lacks: `a text in id was expected`. */
export type EntryReading = readonly Observation[] | string;

/** An entry, before it is read. */
export type EntryElement = Extract<SliceEvent, { kind: 'element' }>;

/**
 * The entries that stand at `patterns`, one record each. One that is no object, lacks what it needs or can't be parsed
 * is a reject with its place, and the rest is read. `noun` names an entry: `a result`.
 */
export async function* readEntries(
  input: ReportInput,
  options: { readonly patterns: readonly string[]; readonly skip?: readonly string[] },
  noun: string,
  read: (entry: JsonObject, element: EntryElement) => EntryReading,
): AsyncGenerator<ReportItem> {
  for await (const run of sliceJsonInRuns(input.open(), options)) {
    for (const event of run) {
      if (event.kind === 'bad') yield unreadable(event.path, noun, event.message);
      else if (event.kind === 'element') {
        const entry = asObject(event.value);
        yield entry === undefined ? noObject(event.path, noun) : toItem(event.path, noun, read(entry, event));
      }
    }
  }
}

/** The same for entries in any wrapping of a log: lines, an array, a page of them, one alone (`jsonEntries`). */
export async function* readLooseEntries(
  input: ReportInput,
  pages: readonly string[],
  noun: string,
  read: (entry: JsonObject) => EntryReading,
  silent?: 'silent',
): AsyncGenerator<ReportItem> {
  for await (const entry of jsonEntries(input, pages, noun, silent))
    yield entry.kind === 'entry' ? toItem(entry.at, noun, read(entry.value)) : entry;
}

/** A record of what an entry says, or the reject that its sentence makes. */
export function toItem(at: string, noun: string, reading: EntryReading): ReportItem {
  return typeof reading === 'string'
    ? { kind: 'reject', at, code: 'missing_field', message: `As ${noun} ${reading}.` }
    : { kind: 'record', at, observations: reading };
}

/** The reject of an entry that is no object. */
export function noObject(at: string, noun: string): ReportItem {
  const message = `Expected ${noun}, found another kind of JSON value.`;
  return { kind: 'reject', at, code: 'wrong_type', message };
}

/** The reject of an entry that can't be parsed. */
export function unreadable(at: string, noun: string, message: string): ReportItem {
  return {
    kind: 'reject',
    at,
    code: 'not_json',
    message: `Expected ${noun}, found a value that is ${message}.`,
  };
}
