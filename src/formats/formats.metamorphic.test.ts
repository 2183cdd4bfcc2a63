import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { asObject, type JsonValue } from '#base/json-value.ts';
import type { ReportFormat, ReportItem } from '#domain/ports/report-format.ts';
import { zipOf } from '../../test/support/zip-of.ts';
import { jsonOf } from './formats.json.test-sample.ts';
import { FORMATS } from './formats.ts';
import { openBytes } from './reading/open-input.ts';

/** The same report told in other ways gives the same observations. */
const ROOM = import.meta.dirname;

/** Their entries say what others of them mean, or are told apart by the file that they are in. */
const RELATED = new Set([
  'cloudtrail',
  'codeowners',
  'kubernetes',
  'terraform',
  'azure-resource-graph',
  'aws-config',
]);

/** Rows of Prowler 2 that name no resource pass only where none of them failed; Qualys puts rows above the names of its columns. */
const NOT_BY_LINES = /^(?:prowler\/v2\.csv|qualys\/.*)$/;

describe.each(FORMATS.map((format) => [format.id, format] as const))('%s', (id, format) => {
  const folder = join(ROOM, id, 'samples');
  const samples = readdirSync(folder, { withFileTypes: true })
    .filter(
      (each) =>
        each.isFile() && !/^(?:ORIGIN\.md|counts\.json)$|\.expected\.json$|\.(?:gz|zst|zip)$/.test(each.name),
    )
    .map(({ name }) => name);

  test.each(samples)('%s in other encodings and packings', async (name) => {
    const bytes = readFileSync(join(folder, name));
    const text = bytes.toString('utf8');
    // What is not UTF-8 is told in another encoding already.
    if (bytes.length === 0 || !Buffer.from(text).equals(bytes)) return;
    const plain = text.replace(/^\ufeff/, '');
    const expected = await read(format, bytes, name);
    const utf16 = Buffer.from(`\ufeff${declared(plain)}`, 'utf16le');
    const told: readonly (readonly [string, Buffer])[] = [
      ['UTF-8 with a mark', Buffer.from(`\ufeff${plain}`)],
      ['UTF-16 LE', utf16],
      ['UTF-16 BE', Buffer.from(utf16).swap16()],
      ['gzip', gzipSync(bytes)],
      ['zstd', zstdCompressSync(bytes)],
      // A file of Terraform says by its name where it belongs, and the name of a member is another.
      ...(id === 'terraform' ? [] : [['zip', zipOf({ [name]: text })] as const]),
    ];
    for (const [how, other] of told) expect([how, await read(format, other, name)]).toEqual([how, expected]);
  });

  test.each(samples)('%s in two parts, and behind itself', async (name) => {
    const report = jsonOf(readFileSync(join(folder, name)));
    if (report === undefined || RELATED.has(id)) return;
    const items = await itemsOf(format, Buffer.from(JSON.stringify(report)), name);
    const list = listOf(items);
    const value = list === null ? undefined : valueAt(report, list);
    if (list === null || !Array.isArray(value) || value.length < 2) return;
    const whole = observationsOf(items);
    const half = Math.ceil(value.length / 2);
    const parts = [value.slice(0, half), value.slice(half)];
    const split = new Set<string>();
    for (const part of parts)
      for (const each of await read(format, Buffer.from(JSON.stringify(withList(report, list, part))), name))
        split.add(each);
    expect([...split].sort()).toEqual([...new Set(whole)].sort());
    const doubled = await read(
      format,
      Buffer.from(JSON.stringify(withList(report, list, [...value, ...value]))),
      name,
    );
    expect([...new Set(doubled)].sort()).toEqual([...new Set(whole)].sort());
  });

  test.each(samples)('the lines of %s in two parts, behind themselves, and turned round', async (name) => {
    const lines = linesOf(readFileSync(join(folder, name)), name);
    if (lines === null || RELATED.has(id) || NOT_BY_LINES.test(`${id}/${name}`)) return;
    const { head, entries } = lines;
    const of = async (...parts: readonly (readonly string[])[]) => {
      const told = new Set<string>();
      for (const part of parts)
        for (const each of await read(format, Buffer.from(`${[...head, ...part].join('\n')}\n`), name))
          told.add(each);
      return [...told].sort();
    };
    const half = Math.ceil(entries.length / 2);
    const whole = await of(entries);
    expect(await of(entries.slice(0, half), entries.slice(half))).toEqual(whole);
    expect(await of([...entries, ...entries])).toEqual(whole);
    expect(await of(entries.toReversed())).toEqual(whole);
  });
});

/** The entries of a log, or of a table whose first line names its columns; null where lines are no entries. */
function linesOf(
  bytes: Buffer,
  name: string,
): { readonly head: readonly string[]; readonly entries: readonly string[] } | null {
  const lines = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  if (jsonOf(bytes) !== undefined || lines.length < 3) return null;
  if (lines.every((line) => jsonOf(Buffer.from(line)) !== undefined)) return { head: [], entries: lines };
  const isTable = name.endsWith('.csv') && lines.every((line) => line.split('"').length % 2 === 1);
  return isTable ? { head: lines.slice(0, 1), entries: lines.slice(1) } : null;
}

/** XML says its encoding in its first line. */
function declared(text: string): string {
  return text.replace(/^(<\?xml[^>]*encoding=["'])[^"']+(["'])/, '$1UTF-16$2');
}

async function itemsOf(format: ReportFormat, bytes: Buffer, name: string): Promise<readonly ReportItem[]> {
  const items: ReportItem[] = [];
  try {
    for await (const input of openBytes(bytes, name))
      for await (const item of format.read(input, { root: null, account: null, region: null, cluster: null }))
        items.push(item);
  } catch {
    // What came before it broke off counts, and is the same too.
  }
  return items;
}

async function read(format: ReportFormat, bytes: Buffer, name: string): Promise<readonly string[]> {
  return observationsOf(await itemsOf(format, bytes, name));
}

function observationsOf(items: readonly ReportItem[]): readonly string[] {
  return items
    .flatMap((item) => (item.kind === 'record' ? item.observations.map((each) => JSON.stringify(each)) : []))
    .sort();
}

/** The one list in which all entries stand; null where there are several, or none. */
function listOf(items: readonly ReportItem[]): string | null {
  const lists = new Set(
    items.flatMap((item) =>
      item.kind === 'record' || item.kind === 'reject'
        ? [item.at.endsWith(']') ? item.at.slice(0, item.at.lastIndexOf('[')) : '?']
        : [],
    ),
  );
  const [only] = lists;
  return lists.size === 1 && only !== undefined && only !== '?' && !only.includes('[') ? only : null;
}

function valueAt(report: JsonValue, path: string): JsonValue | undefined {
  return path === ''
    ? report
    : path.split('.').reduce<JsonValue | undefined>((value, key) => asObject(value)?.[key], report);
}

function withList(report: JsonValue, path: string, list: readonly JsonValue[]): JsonValue {
  if (path === '') return [...list];
  const [key = '', ...rest] = path.split('.');
  const object = asObject(report) ?? {};
  return { ...object, [key]: withList(object[key] ?? null, rest.join('.'), list) };
}
