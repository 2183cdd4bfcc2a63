import { parse as parseCsv } from 'csv-parse/sync';
import { SaxesParser } from 'saxes';
import { parseAllDocuments } from 'yaml';
import { asObject, type JsonValue } from '#base/json-value.ts';
import { jsonOf } from './formats.json.test-sample.ts';

/**
 * What a sample is made of, in one shape for all notations: members of JSON and YAML, elements and attributes (`@name`)
 * of XML, columns of a table. Lists are no level of it.
 */
export interface SampleText {
  readonly values: readonly JsonValue[];
  /** The sample again, of other values. */
  readonly write: (values: readonly JsonValue[]) => Buffer;
}

/** Null for what has no members: a log in words, lines of owners, nothing at all. */
export function sampleText(bytes: Buffer): SampleText | null {
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const trimmed = text.trimStart();
  if (trimmed === '') return null;
  if (/^<[?!\w]/.test(trimmed)) return xmlText(trimmed);
  return jsonText(text) ?? tableText(text) ?? yamlText(text);
}

/** Where a member stands: the names that lead to it, its own last. */
export type MemberPath = readonly string[];

/** Every member of these values, once, but for the declarations of XML itself. */
export function membersIn(values: readonly JsonValue[]): readonly MemberPath[] {
  const found = new Map<string, MemberPath>();
  const walk = (value: JsonValue | undefined, above: MemberPath): void => {
    if (Array.isArray(value)) for (const each of value) walk(each, above);
    else
      for (const [name, each] of Object.entries(asObject(value) ?? {})) {
        if (/^@(?:xmlns|xsi)\b/.test(name)) continue;
        const path = [...above, name];
        found.set(JSON.stringify(path), path);
        walk(each, path);
      }
  };
  for (const value of values) walk(value, []);
  return [...found.values()];
}

/** These values without some members. */
export function withoutMembers(
  values: readonly JsonValue[],
  isGone: (path: MemberPath) => boolean,
): JsonValue[] {
  const walk = (value: JsonValue, above: MemberPath): JsonValue => {
    if (Array.isArray(value)) return value.map((each) => walk(each, above));
    const object = asObject(value);
    if (object === undefined) return value;
    const kept: [string, JsonValue][] = [];
    for (const [name, each] of Object.entries(object)) {
      const path = [...above, name];
      if (!isGone(path)) kept.push([name, walk(each ?? null, path)]);
    }
    return Object.fromEntries(kept);
  };
  return values.map((value) => walk(value, []));
}

function jsonText(text: string): SampleText | null {
  const script = /^\s*[\w ]+=\s*(?=[[{])/.exec(text)?.[0] ?? '';
  const whole = jsonOf(Buffer.from(text.slice(script.length)));
  if (whole !== undefined)
    return { values: [whole], write: ([value]) => Buffer.from(script + JSON.stringify(value)) };
  for (const between of [/\n/, /(?<=^\})\s*\n(?=\{)/m]) {
    const parts = text.split(between);
    const values = parts.map((part) => jsonOf(Buffer.from(part)));
    if (!values.some((value) => asObject(value) !== undefined)) continue;
    // What is no JSON among the lines stays where it is.
    return {
      values: values.map((value) => value ?? null),
      write: (kept) =>
        Buffer.from(
          parts.map((part, i) => (values[i] === undefined ? part : JSON.stringify(kept[i]))).join('\n'),
        ),
    };
  }
  return null;
}

function tableText(text: string): SampleText | null {
  const tables = [',', ';', '\t'].map((delimiter) => {
    const rows: string[][] = parseCsv(text, {
      delimiter,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
    });
    return { rows, width: Math.max(0, ...rows.map((row) => row.length)) };
  });
  const table = tables.reduce((best, each) => (each.width > best.width ? each : best));
  const head = table.rows.findIndex((row) => row.length === table.width);
  const columns = (table.rows[head] ?? []).map((name) => name.trim());
  if (table.width < 4 || !columns.every((name) => /^[\w@][\w @.:/()?-]{0,60}$/.test(name))) return null;
  const cell = (value: string) => `"${value.replaceAll('"', '""')}"`;
  return {
    values: [Object.fromEntries(columns.map((name) => [name, name]))],
    // The names of the columns stay: by them a table is known.
    write: ([value]) => {
      const kept = asObject(value) ?? {};
      return Buffer.from(
        table.rows
          .map((row, at) =>
            row
              .map((each, i) => cell(at <= head || Object.hasOwn(kept, columns[i] ?? '') ? each : ''))
              .join(','),
          )
          .join('\n'),
      );
    },
  };
}

function yamlText(text: string): SampleText | null {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return null;
  const values: JsonValue[] = documents.map((document) =>
    JSON.parse(JSON.stringify(document.toJS() ?? null)),
  );
  if (!values.some((value) => asObject(value) !== undefined)) return null;
  return {
    values,
    write: (kept) => Buffer.from(kept.map((value) => JSON.stringify(value)).join('\n---\n')),
  };
}

/** An element is a list, which is no level of paths: its attributes, texts and elements, in order. */
function xmlText(text: string): SampleText {
  const root: JsonValue[] = [];
  const open: JsonValue[][] = [root];
  const into = (value: JsonValue) => open.at(-1)?.push(value);
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const element: JsonValue[] = Object.entries(attributes).map(([key, value]) => ({ [`@${key}`]: value }));
    into({ [name]: element });
    open.push(element);
  });
  parser.on('text', into);
  parser.on('cdata', into);
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  return { values: [root], write: ([value]) => Buffer.from(writtenXml(value ?? null)) };
}

function writtenXml(value: JsonValue): string {
  if (typeof value === 'string') return escaped(value);
  if (Array.isArray(value)) return value.map(writtenXml).join('');
  return Object.entries(asObject(value) ?? {})
    .filter(([name]) => !name.startsWith('@'))
    .map(([name, content]) => `<${name}${attributesIn(content)}>${writtenXml(content ?? null)}</${name}>`)
    .join('');
}

function attributesIn(content: JsonValue | undefined): string {
  const members = Array.isArray(content)
    ? content.flatMap((each) => Object.entries(asObject(each) ?? {}))
    : [];
  return members
    .filter(([name]) => name.startsWith('@'))
    .map(([name, value]) => ` ${name.slice(1)}="${escaped(String(value)).replaceAll('"', '&quot;')}"`)
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
