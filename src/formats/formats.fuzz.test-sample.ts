import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InboxError } from '#base/inbox-error.ts';
import type { JsonValue } from '#base/json-value.ts';
import type { ReportFormat, ReportItem } from '#domain/ports/report-format.ts';
import { jsonOf } from './formats.json.test-sample.ts';
import { FORMATS } from './formats.ts';
import { readHead } from './reading/describe-head.ts';
import { openBytes } from './reading/open-input.ts';

const ROOM = import.meta.dirname;
/** One input takes a millisecond; one that takes this long hangs. */
const HANGS_MS = 5_000;
/** Larger samples say nothing that smaller ones of their format do not. */
const SAMPLE_MAX = 48 * 1024;
/** Bytes. What is small is read in a tenth of a millisecond: larger samples have a turn now and then. */
const SMALL = 1_500;
const TURN_OF_LARGE = 20;

interface Sample {
  readonly format: ReportFormat;
  readonly name: string;
  readonly bytes: Buffer;
  /** Undefined for what is no JSON. */
  readonly json: JsonValue | undefined;
  /** Where values stand in it. */
  readonly places: readonly (readonly (string | number)[])[];
  /** What is read of each entry of the whole sample, by its place. */
  readonly entries: ReadonlyMap<string, string>;
}

/** How many inputs were made and how they ended. */
export interface FuzzTally {
  readonly inputs: number;
  readonly read: number;
  readonly refused: number;
  /** Of the read ones, those in which all entries but the changed one were compared. */
  readonly compared: number;
}

/**
 * Changes samples of all formats and reads them: their structure (a value of another kind, a member less or twice, a name that is
 * none) or their bytes. Throws where a format ends in anything but a refusal, takes too long, or loses an entry that was not changed.
 */
export async function fuzzFormats(
  inputs: number,
  seed: number,
  { only, bytesMax = SAMPLE_MAX }: { readonly only?: string | undefined; readonly bytesMax?: number } = {},
): Promise<FuzzTally> {
  const random = randomOf(seed);
  const samples = await loadSamples(
    FORMATS.filter(({ id }) => only === undefined || id === only),
    bytesMax,
  );
  const tally = { inputs: 0, read: 0, refused: 0, compared: 0 };
  const sampleOf = turns(samples);
  while (tally.inputs < inputs) {
    const sample = sampleOf(tally.inputs);
    tally.inputs++;
    const change = changed(sample, random);
    const began = performance.now();
    const { items, error } = await readBytes(sample.format, change.bytes);
    const what = () =>
      `${sample.format.id}/${sample.name}, seed ${seed}, input ${tally.inputs}: ${change.what}`;
    if (performance.now() - began > HANGS_MS) throw new Error(`${what()} took too long`);
    if (error !== null && !(error instanceof InboxError)) throw new Error(what(), { cause: error });
    tally[error === null ? 'read' : 'refused']++;
    if (change.entry === null || error !== null) continue;
    tally.compared++;
    const after = entriesOf(items);
    const isRelated = RELATED.has(sample.format.id);
    for (const [at, text] of sample.entries)
      if (at !== change.entry && (isRelated ? !after.has(at) : after.get(at) !== text))
        throw new Error(`${what()}: the entry ${at}, which was not changed, is read otherwise`);
  }
  return tally;
}

/** Each sample in its turn, by the number of the input. */
function turns(samples: readonly Sample[]): (input: number) => Sample {
  const small = samples.filter(({ bytes }) => bytes.length <= SMALL);
  const large = samples.filter(({ bytes }) => bytes.length > SMALL);
  const at = (list: readonly Sample[], turn: number) => list[turn % list.length] as Sample;
  return (input) =>
    small.length === 0 || (large.length > 0 && input % TURN_OF_LARGE === 0)
      ? at(large, small.length === 0 ? input : input / TURN_OF_LARGE)
      : at(small, input);
}

/**
 * Inventories, whose entries say what others mean, and reports in which one entry says how others are to be read: of SARIF,
 * a fingerprint that comes to stand under a second rule is a constant, and the identity of neither.
 */
const RELATED = new Set([
  'aws-cli',
  'aws-config',
  'azure-resource-graph',
  'cloudtrail',
  'cyclonedx',
  'gcp-asset-inventory',
  'kubernetes',
  'sarif',
  'terraform',
]);

interface Change {
  readonly bytes: Buffer;
  readonly what: string;
  /** The one entry that was changed; null where more than one may be. */
  readonly entry: string | null;
}

function changed(sample: Sample, random: (below: number) => number): Change {
  if (sample.json === undefined || random(3) === 0) return changedBytes(sample.bytes, random);
  const path = sample.places[random(sample.places.length)] as readonly (string | number)[];
  const kind = KINDS[random(KINDS.length)] as (typeof KINDS)[number];
  const value = changeAt(sample.json, path, kind, random);
  const place = pathText(path);
  const entry = [...sample.entries.keys()].find(
    (at) => place.startsWith(`${at}.`) || place.startsWith(`${at}[`),
  );
  return {
    bytes: Buffer.from(JSON.stringify(value)),
    what: `${kind} at ${place}`,
    entry: entry ?? null,
  };
}

const KINDS = ['another value', 'gone', 'twice', 'deeper', 'renamed'] as const;
const STRANGE: readonly JsonValue[] = [
  ...[
    null,
    true,
    false,
    0,
    -1.5,
    1e300,
    1e21,
    '',
    ' ',
    'x',
    'CRITICAL',
    '__proto__',
    '\u0000',
    '\ud800',
    '\u202e',
  ],
  ...[
    '2026-13-45',
    '9'.repeat(400),
    'a'.repeat(5_000),
    'pkg:npm/%ZZ',
    'CVE-2024-1',
    'http://[',
    'arn:aws:::',
  ],
  ...[[], [null], [[1]], ['x'], {}, { a: 1 }, [{}], { constructor: { toString: 1 } }, { length: 1e9 }],
];

function changeAt(
  value: JsonValue,
  path: readonly (string | number)[],
  kind: (typeof KINDS)[number],
  random: (below: number) => number,
): JsonValue {
  const [key, ...rest] = path;
  if (key === undefined) return kind === 'deeper' ? [value] : (STRANGE[random(STRANGE.length)] as JsonValue);
  if (Array.isArray(value)) {
    const index = Number(key);
    if (rest.length === 0 && kind === 'gone') return value.with(index, null);
    return value.with(index, changeAt(value[index] as JsonValue, rest, kind, random));
  }
  const object = value as Readonly<Record<string, JsonValue>>;
  if (rest.length > 0) return { ...object, [key]: changeAt(object[key] ?? null, rest, kind, random) };
  const { [key]: own = null, ...others } = object;
  if (kind === 'gone') return others;
  if (kind === 'renamed') return { ...others, [`${key}_`]: own };
  if (kind === 'twice') return { ...object, [`${key}2`]: own, [key]: [own, own] };
  return { ...object, [key]: changeAt(own, rest, kind, random) };
}

function changedBytes(bytes: Buffer, random: (below: number) => number): Change {
  const at = random(bytes.length + 1);
  const length = random(40);
  const piece = bytes.subarray(at, at + length);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  const made: readonly (readonly [string, () => readonly Uint8Array[]])[] = [
    ['cut', () => [head]],
    ['without', () => [head, tail.subarray(length)]],
    ['twice', () => [head, piece, tail]],
    ['noise', () => [head, Buffer.from(Array.from({ length: 4 }, () => random(256))), tail]],
    ['mark', () => [head, Buffer.from(MARKS[random(MARKS.length)] as string), tail]],
    ['behind', () => [bytes, bytes]],
  ];
  const [what, make] = made[random(made.length)] as (typeof made)[number];
  return { bytes: Buffer.concat(make()), what: `${what} at byte ${at}`, entry: null };
}

const MARKS = [
  '"',
  "'",
  '<',
  '>',
  '&',
  '&x;',
  '<!DOCTYPE a>',
  ']]>',
  '<![CDATA[',
  ',',
  ';',
  '\n',
  '\r\n',
  '{',
  '}',
  '[',
  ']',
  '\\',
  '\0',
  '\ufeff',
  ':',
  '# ',
  '%',
  '- ',
  '---\n',
  '&a ',
  '*a ',
];

/** mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

async function loadSamples(formats: readonly ReportFormat[], bytesMax: number): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const format of formats) {
    const folder = join(ROOM, format.id, 'samples');
    for (const name of readdirSync(folder)) {
      if (/^(?:ORIGIN\.md|counts\.json)$|\.expected\.json$|\.(?:gz|zst|zip)$/.test(name)) continue;
      if (!readdirSync(folder, { withFileTypes: true }).some((each) => each.name === name && each.isFile()))
        continue;
      const bytes = readFileSync(join(folder, name));
      if (bytes.length === 0 || bytes.length > bytesMax) continue;
      const json = jsonOf(bytes);
      const { items } = await readBytes(format, bytes);
      samples.push({
        format,
        name,
        bytes,
        json,
        places: json === undefined ? [] : placesIn(json),
        entries: entriesOf(items),
      });
    }
  }
  return samples;
}

function entriesOf(items: readonly ReportItem[]): ReadonlyMap<string, string> {
  return new Map(
    items.flatMap((item) => (item.kind === 'record' ? [[item.at, JSON.stringify(item.observations)]] : [])),
  );
}

async function readBytes(
  format: ReportFormat,
  bytes: Buffer,
): Promise<{ readonly items: readonly ReportItem[]; readonly error: unknown }> {
  const items: ReportItem[] = [];
  try {
    for await (const input of openBytes(bytes, 'report')) {
      await readHead(input);
      for await (const item of format.read(input, { root: null, account: null, region: null, cluster: null }))
        items.push(item);
    }
    return { items, error: null };
  } catch (error) {
    return { items, error };
  }
}

function placesIn(
  value: JsonValue,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  const inner = Array.isArray(value)
    ? value.slice(0, 6).flatMap((each, index) => placesIn(each, [...path, index]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, each]) => placesIn(each as JsonValue, [...path, key]))
      : [];
  return [path, ...inner];
}

/** As formats write places: `findings[3].title`, `[2]`. */
function pathText(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('');
}
