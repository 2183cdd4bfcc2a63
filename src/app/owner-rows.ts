import { parseDocument } from 'yaml';
import { InboxError } from '#base/inbox-error.ts';
import { asArray, asObject, asText, type JsonObject, type JsonValue, parseJson } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import { OWNER_SOURCES } from '#domain/resource/owner.ts';
import type { OwnerExclusion, TagMeaning } from '#domain/resource/owner-preferences.ts';

/** What a file of preferences says: the rows that can be used, and what is wrong with the others. */
export interface OwnerRows {
  readonly tags: readonly TagMeaning[];
  readonly exclusions: readonly OwnerExclusion[];
  readonly faults: readonly { readonly at: string; readonly message: string }[];
}

const LENGTH_MAX = 4 * 1024 * 1024;
const NAME_MAX = 100;
const NOTE_MAX = 500;
const ALIASES_MAX = 20;

/**
 * Reads a file of preferences about owners, YAML or JSON: lists `tags` (tag, value, owner, note) and `exclusions` (owner, from,
 * note). Each row stands for itself: one that is wrong is told with its place, and the others count. Throws `usage` for what is no such file.
 */
export function readOwnerRows(text: string): OwnerRows {
  if (text.length > LENGTH_MAX) throw new InboxError('too_large', 'A file of owners has at most 4 MB.');
  const document = plainDocument(text);
  const lists = asObject(document);
  if (lists === undefined || !('tags' in lists || 'exclusions' in lists))
    throw new InboxError('usage', 'A file with lists "tags" and "exclusions" was expected, found neither.');
  const faults: { at: string; message: string }[] = [];
  const rowsOf = <T>(list: string, read: (row: JsonObject) => T | string): readonly T[] =>
    listOf(lists[list], list).flatMap((value, index) => {
      const row = read(asObject(value) ?? {});
      if (typeof row !== 'string') return [row];
      faults.push({ at: `${list}[${index}]`, message: row });
      return [];
    });
  const tags = distinct(rowsOf('tags', readTag), ({ tag, value }) => `${tag} ${value}`);
  const exclusions = distinct(rowsOf('exclusions', readExclusion), ({ owner, from }) => `${owner} ${from}`);
  return { tags, exclusions, faults };
}

function plainDocument(text: string): JsonValue {
  const document = parseDocument(text, {
    schema: 'core',
    customTags: [],
    resolveKnownTags: false,
    merge: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error !== undefined)
    throw new InboxError('usage', `The file is no YAML: ${oneLine(error.message, 200)}.`);
  try {
    return parseJson(JSON.stringify(document.toJS({ maxAliasCount: ALIASES_MAX })) ?? 'null');
  } catch (cause) {
    throw new InboxError('usage', 'The file is no plain YAML.', { cause });
  }
}

function listOf(value: JsonValue | undefined, name: string): readonly JsonValue[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new InboxError('usage', `"${name}" was expected to be a list.`);
  return asArray(value);
}

function readTag(row: JsonObject): TagMeaning | string {
  const [tag, value, owner] = [named(row, 'tag'), named(row, 'value') || '*', named(row, 'owner')];
  if (tag === '') return 'A "tag" was expected, found none.';
  if (owner === '') return 'An "owner" was expected, found none.';
  return { tag, value, owner, note: noteOf(row) };
}

function readExclusion(row: JsonObject): OwnerExclusion | string {
  const owner = named(row, 'owner');
  if (owner === '') return 'An "owner" was expected, found none.';
  const word = named(row, 'from');
  const from = OWNER_SOURCES.find((each) => each === word) ?? null;
  if (word !== '' && from === null) return `"from" was expected to be one of ${OWNER_SOURCES.join(', ')}.`;
  return { owner, from, note: noteOf(row) };
}

/** Numbers are text that nobody quoted. */
function named(row: JsonObject, member: string): string {
  const value = row[member];
  return oneLine(typeof value === 'number' ? String(value) : (asText(value) ?? ''), NAME_MAX).trim();
}

function noteOf(row: JsonObject): string | null {
  return oneLine(asText(row['note']) ?? '', NOTE_MAX).trim() || null;
}

/** The last of equal ones counts. */
function distinct<T>(rows: readonly T[], keyOf: (row: T) => string): readonly T[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}
