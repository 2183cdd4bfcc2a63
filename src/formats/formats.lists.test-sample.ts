import { SaxesParser } from 'saxes';
import { asObject, type JsonValue } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import { jsonOf } from './formats.json.test-sample.ts';

/** A list of a report in which entries stand, or what holds entries. */
export interface EntryList {
  /** As a person would write its place. */
  readonly name: string;
  readonly length: number;
  /** The same report with these of the list's elements, in this order; every other list is as it was. */
  with(order: readonly number[]): Buffer;
}

/** The lists of a report on the way to its entries, whose places are given; those with fewer than two elements are left away. */
export async function listsOf(text: string, places: readonly string[]): Promise<readonly EntryList[]> {
  const assigned = /^\w+ =\s*/.exec(text)?.[0] ?? '';
  const report = jsonOf(Buffer.from(text.slice(assigned.length)));
  if (report !== undefined)
    return jsonLists(report, places).map((list) => ({
      ...list,
      with: (order) => Buffer.concat([Buffer.from(assigned), list.with(order)]),
    }));
  if (text.startsWith('<')) return xmlLists(text, places);
  const { head, entries, end } = await partsOf(text, places);
  if (entries.length < 2) return [];
  return [
    {
      name: 'the whole',
      length: entries.length,
      with: (order) => Buffer.from(head + order.map((index) => `${entries[index]}${end}`).join('')),
    },
  ];
}

/** What a report is made of that is one of neither: documents, rows, sections, values behind each other, lines. */
async function partsOf(
  text: string,
  places: readonly string[],
): Promise<{ readonly head: string; readonly entries: readonly string[]; readonly end: string }> {
  const place = places[0] ?? '';
  if (place.startsWith('document ')) return { head: '', entries: text.split(/^---$/m), end: '\n---\n' };
  if (place.startsWith('commit ')) return { head: '', entries: text.split(/^(?=commit )/m), end: '' };
  const lines = place.startsWith('row ') ? rowsOf(text) : text.split('\n');
  if (/^(?:line|row) \d+$/.test(place)) {
    const begins = places.map((each) => Number(each.split(' ')[1]) - 1);
    const above = lines.slice(0, begins[0]).map((line) => `${line}\n`);
    const entries = begins.map((from, index) => lines.slice(from, begins[index + 1]).join('\n'));
    return { head: above.join(''), entries, end: '\n' };
  }
  const values = (await valuesOf(text)) ?? lines.filter((line) => line.trim() !== '');
  return { head: '', entries: values, end: '\n' };
}

/** The rows of a table, in whose cells lines may break. */
function rowsOf(text: string): readonly string[] {
  const rows: string[] = [];
  for (const line of text.split('\n')) {
    const open = rows.at(-1);
    if (open === undefined || open.split('"').length % 2 === 1) rows.push(line);
    else rows[rows.length - 1] = `${open}\n${line}`;
  }
  return rows;
}

/** JSON values behind each other, a line each; null where the text is something else, or broken. */
async function valuesOf(text: string): Promise<readonly string[] | null> {
  const values: string[] = [];
  try {
    for await (const event of sliceJson(once(text), { patterns: [''], documents: true }))
      if (event.kind === 'element') values.push(JSON.stringify(event.value));
    return values;
  } catch {
    return null;
  }
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

type Path = readonly (string | number)[];

/** Arrays, objects whose members are entries, and objects in which every member leads to one. */
function jsonLists(report: JsonValue, places: readonly string[]): readonly EntryList[] {
  // Where several values may stand behind each other, a place begins with the number of its value.
  const isNumbered = !Array.isArray(report);
  const paths = places.flatMap((place) =>
    pathsOf(report, isNumbered ? place.replace(/^\[0\]\.?/, '') : place).slice(0, 1),
  );
  const lists = new Map<
    string,
    { readonly path: Path; readonly keys: Set<string | number>; holds: boolean }
  >();
  for (const path of paths)
    for (const [depth, key] of path.entries()) {
      const around = path.slice(0, depth);
      const list = lists.get(JSON.stringify(around)) ?? { path: around, keys: new Set(), holds: false };
      list.keys.add(key);
      list.holds ||= depth === path.length - 1;
      lists.set(JSON.stringify(around), list);
    }
  return [...lists.values()].flatMap(({ path, keys, holds }) => {
    const value = valueAt(report, path);
    const members = Object.entries(asObject(value) ?? {});
    if (!Array.isArray(value) && !holds && members.some(([key]) => !keys.has(key))) return [];
    const length = Array.isArray(value) ? value.length : members.length;
    if (length < 2) return [];
    const chosen = (order: readonly number[]): JsonValue =>
      Array.isArray(value)
        ? order.map((index) => value[index] as JsonValue)
        : Object.fromEntries(order.map((index) => members[index] as [string, JsonValue]));
    return [
      {
        name: path.length === 0 ? 'the whole' : path.join('.'),
        length,
        with: (order) => Buffer.from(JSON.stringify(withValueAt(report, path, chosen(order)))),
      },
    ];
  });
}

/** Where a place leads: `results.a.go[1]`, in which names may hold dots and brackets too. */
function pathsOf(value: JsonValue | undefined, place: string): readonly Path[] {
  if (place === '') return [[]];
  if (Array.isArray(value)) {
    const index = /^\[(\d+)\]\.?/.exec(place);
    if (index === null || Number(index[1]) >= value.length) return [];
    return pathsOf(value[Number(index[1])], place.slice(index[0].length)).map((rest) => [
      Number(index[1]),
      ...rest,
    ]);
  }
  return Object.entries(asObject(value) ?? {}).flatMap(([key, inner]) => {
    const behind = place.slice(key.length);
    if (!place.startsWith(key) || !/^(?:$|\.|\[)/.test(behind)) return [];
    return pathsOf(inner, behind.replace(/^\./, '')).map((rest) => [key, ...rest]);
  });
}

function valueAt(report: JsonValue, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (value, key) => (Array.isArray(value) ? value[Number(key)] : asObject(value)?.[key]),
    report,
  );
}

function withValueAt(value: JsonValue, path: Path, replacement: JsonValue): JsonValue {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((each, index) => (index === key ? withValueAt(each, rest, replacement) : each));
  const object = asObject(value) ?? {};
  return { ...object, [key]: withValueAt(object[key] ?? null, rest, replacement) };
}

interface Span {
  readonly path: string;
  readonly start: number;
  end: number;
}

/** Siblings of one name on the way to the elements whose places are given: `/report/host[2]/item[1]`. */
function xmlLists(text: string, places: readonly string[]): readonly EntryList[] {
  const lists = new Map<string, Span[]>();
  for (const span of spansOf(text)) {
    if (!places.some((place) => place === span.path || place.startsWith(`${span.path}/`))) continue;
    const list = span.path.replace(/\[\d+\]$/, '');
    lists.set(list, [...(lists.get(list) ?? []), span]);
  }
  return [...lists].flatMap(([name, spans]) => {
    const first = spans[0];
    const last = spans.at(-1);
    if (first === undefined || last === undefined || spans.length < 2) return [];
    const between = spans.slice(1).map(({ start }, index) => text.slice(spans[index]?.end, start));
    const textOf = (index: number) => text.slice(spans[index]?.start, spans[index]?.end);
    return [
      {
        name,
        length: spans.length,
        with: (order) =>
          Buffer.from(
            [text.slice(0, first.start), ...between, ...order.map(textOf), text.slice(last.end)].join(''),
          ),
      },
    ];
  });
}

/** Where each element begins and ends; the root has no number, as in the places of entries. */
function spansOf(text: string): readonly Span[] {
  const spans: Span[] = [];
  const open: { readonly span: Span; readonly seen: Map<string, number> }[] = [];
  const parser = new SaxesParser();
  parser.on('opentagstart', ({ name: prefixed }) => {
    const name = prefixed.slice(prefixed.indexOf(':') + 1);
    const around = open.at(-1);
    const position = (around?.seen.get(name) ?? 0) + 1;
    around?.seen.set(name, position);
    const span = {
      path: around === undefined ? `/${name}` : `${around.span.path}/${name}[${position}]`,
      // One character behind the name is read.
      start: parser.position - prefixed.length - 2,
      end: 0,
    };
    spans.push(span);
    open.push({ span, seen: new Map() });
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed !== undefined) closed.span.end = parser.position;
  });
  parser.write(text).close();
  return spans;
}
