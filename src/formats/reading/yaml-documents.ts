import { parseAllDocuments } from 'yaml';
import { InboxError } from '#base/inbox-error.ts';
import { asObject, type JsonObject, type JsonValue, parseJson } from '#base/json-value.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';

/** Catalogue files are written by hand: a larger one is none. */
const BYTES_MAX = 2 * 1024 * 1024;
const DOCUMENTS_MAX = 10_000;
const ALIASES_MAX = 20;
const DEPTH_MAX = 64;

/** One document of a file: its members, or why it cannot be read. */
export type YamlDocument = { readonly value: JsonObject } | { readonly fault: string };

/**
 * The documents of a YAML file that people wrote, with plain values only: tags make nothing, merge keys and aliases
 * are bounded, what is deep or large is refused. JSON is YAML. Throws `too_large`, `report_too_deep` and `report_broken`.
 */
export async function readYamlDocuments(input: ReportInput): Promise<readonly YamlDocument[]> {
  return yamlValues(await textOf(input)).map((document) => {
    if ('fault' in document) return document;
    const value = asObject(document.value);
    return value === undefined ? { fault: 'no object, or nested too deep' } : { value };
  });
}

/**
 * The same of a text that stands inside of another document, whatever its values are. Throws `too_large`,
 * `report_too_deep` and `report_broken`.
 */
export function yamlValues(
  text: string,
): readonly ({ readonly value: JsonValue } | { readonly fault: string })[] {
  if (text.length > BYTES_MAX) throw tooLarge();
  // The parser follows brackets by recursion.
  if (bracketsIn(text) > DEPTH_MAX)
    throw new InboxError(
      'report_too_deep',
      `Expected lists and objects in each other at most ${DEPTH_MAX} levels deep, found more. No catalogue needs that: look where the file comes from.`,
    );
  let parsed: ReturnType<typeof parseAllDocuments>;
  try {
    parsed = parseAllDocuments(text, {
      schema: 'core',
      customTags: [],
      resolveKnownTags: false,
      merge: false,
      uniqueKeys: false,
      logLevel: 'silent',
    });
  } catch (cause) {
    throw broken(cause);
  }
  const documents = Array.isArray(parsed) ? parsed : [];
  if (documents.length > DOCUMENTS_MAX)
    throw new InboxError(
      'too_large',
      `The file has more than ${DOCUMENTS_MAX.toLocaleString('en')} documents. Split it and import the parts.`,
    );
  return documents.flatMap((document): ReturnType<typeof yamlValues> => {
    const [error] = document.errors;
    if (error !== undefined) return [{ fault: error.code.toLowerCase().replaceAll('_', ' ') }];
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: ALIASES_MAX });
    } catch {
      return [{ fault: 'made of too many aliases' }];
    }
    if (value === null || value === undefined) return [];
    // Once more as JSON: dates, sets and members called __proto__ are not what they seem.
    const plain = depthOf(value) > DEPTH_MAX ? undefined : parseJson(JSON.stringify(value));
    return [plain === undefined ? { fault: 'no object, or nested too deep' } : { value: plain }];
  });
}

async function textOf(input: ReportInput): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input.open()) {
    length += chunk.length;
    if (length > BYTES_MAX) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLarge(): InboxError {
  return new InboxError(
    'too_large',
    `A catalogue file of more than ${BYTES_MAX / 1024 / 1024} MB is not read. Split it by document.`,
  );
}

function bracketsIn(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    else if (character === '\n' && depth > DEPTH_MAX) return depth;
  }
  return deepest;
}

function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return depth;
  return Object.values(value).reduce(
    (deepest: number, each) => Math.max(deepest, depthOf(each, depth + 1)),
    depth,
  );
}

function broken(cause: unknown): InboxError {
  return new InboxError('report_broken', 'The file is no YAML that can be read.', { cause });
}
