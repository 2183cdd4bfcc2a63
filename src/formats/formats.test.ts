import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InboxError } from '#base/inbox-error.ts';
import { asObject, type JsonValue } from '#base/json-value.ts';
import type { ReadContext, ReportFormat, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { SEVERITIES } from '#domain/severity/severity.ts';
import { jsonOf } from './formats.json.test-sample.ts';
import { FORMATS } from './formats.ts';
import { chooseFormat } from './reading/choose-format.ts';
import { describeHead, readHead } from './reading/describe-head.ts';
import { detectFormat } from './reading/detect-format.ts';
import { openBytes, openInputs } from './reading/open-input.ts';

/**
 * Holds every format to its samples: `samples/<file>`, with what is read from it in
 * `<file>.expected.json` (written by `vitest -u`) and how many entries it has in `counts.json`.
 */
const CONTEXT: ReadContext = { root: null, account: null, region: null, cluster: null };
const ROOM = import.meta.dirname;

test('the list names every folder, in order', () => {
  const folders = readdirSync(ROOM, { withFileTypes: true }).filter(
    (each) => each.isDirectory() && each.name !== 'reading',
  );
  expect(FORMATS.map((format) => format.id)).toEqual(folders.map((each) => each.name).sort());
});

test('no byte is a report without entries where the tool prints nothing for none, once it is named, and refused elsewhere', async () => {
  const silent: string[] = [];
  for (const format of FORMATS) {
    const { items, error } = await readUntilError(format, inMemory(Buffer.alloc(0)));
    if (error !== null) continue;
    silent.push(format.id);
    expect(items.filter(({ kind }) => kind === 'record' || kind === 'reject')).toEqual([]);
    // What may as well be a tool that failed closes nothing.
    expect([
      ...items.flatMap((item) => (item.kind === 'scan' ? item.scan.coverage : [])),
      format.id,
    ]).not.toContain('all');
  }
  expect(silent).toEqual([
    'aws-waf',
    // Files of catalogues and owners may be empty too.
    'backstage',
    'codeowners',
    'compass',
    'cortex',
    'datadog-service',
    'falco',
    'git-log',
    'k8s-audit',
    'kubeaudit',
    'modsecurity',
    'nuclei',
    'opslevel',
    'suricata',
    'trufflehog',
    'yarn-audit',
  ]);
});

describe.each(FORMATS.map((format) => [format.id, format] as const))('%s', (id, format) => {
  const folder = join(ROOM, id, 'samples');
  const samples = samplesIn(folder);

  test('says what it reads, where its samples come from, and how many entries they have', () => {
    expect(format.title).not.toBe('');
    expect(format.command).not.toBe('');
    expect(existsSync(join(ROOM, id, 'README.md'))).toBe(true);
    const origins = readFileSync(join(folder, 'ORIGIN.md'), 'utf8');
    expect(samples.filter((sample) => !origins.includes(sample))).toEqual([]);
    expect(Object.keys(countsIn(folder)).sort()).toEqual(samples);
  });

  test('has samples with no entry, with one and with many', () => {
    const records = Object.values(countsIn(folder)).map((each) => each.records);
    expect([records.includes(0), records.includes(1), records.some((each) => each > 1)]).toEqual([
      true,
      true,
      true,
    ]);
  });

  describe.each(samples)('%s', (sample) => {
    const path = join(folder, sample);

    const counted = countsIn(folder)[sample];

    test('is claimed by this format alone, or by none where it names no tool', async () => {
      const head = await readHead(await inputOf(path));
      if (counted?.named !== true) expect(detectFormat(head, FORMATS).id).toBe(id);
      else {
        expect(() => detectFormat(head, FORMATS)).toThrow(InboxError);
        expect(chooseFormat(head, FORMATS, format)).toBe(format);
      }
    });

    test('is read as expected, twice, with all that was counted', async () => {
      const input = await inputOf(path);
      const { items, error } = await readUntilError(format, input);
      expect(error).toEqual(
        counted?.refused === undefined ? null : expect.objectContaining({ code: counted.refused }),
      );
      await expect(`${JSON.stringify(items, null, 1)}\n`).toMatchFileSnapshot(`${path}.expected.json`);
      expect((await readUntilError(format, input)).items).toEqual(items);
      checkShape(items);
      expect(countItems(items)).toEqual(withoutMarks(counted));
    });

    test('cut off, it is refused politely and keeps what came before', async () => {
      const bytes = await bytesOf(path);
      if (bytes.length === 0) return;
      const records = recordsOf(await readAll(format, inMemory(bytes)));
      for (const part of [0.2, 0.5, 0.8, 0.97]) {
        const { items, error } = await readUntilError(
          format,
          inMemory(bytes.subarray(0, Math.floor(bytes.length * part))),
        );
        if (error !== null)
          expect(error).toMatchObject({ name: 'InboxError', code: expect.stringMatching(/^report_/) });
        // The entry at the cut may be read in part where entries are lines.
        const kept = recordsOf(items).slice(0, -1);
        expect(kept).toEqual(records.slice(0, kept.length));
      }
    });

    test('gives the same observations in any order of its entries', async () => {
      const bytes = await bytesOf(path);
      if (bytes.length === 0) return;
      const items = await readAll(format, inMemory(bytes));
      const reversed = withEntriesReversed(bytes, items);
      if (reversed === null) return;
      expect(observationsOf(await readAll(format, inMemory(reversed)))).toEqual(observationsOf(items));
    });

    test('with a value of another kind anywhere, it is read or refused, never a crash', async () => {
      const report = jsonOf(await bytesOf(path));
      if (report === undefined) return;
      const places = placesIn(report);
      await fc.assert(
        fc.asyncProperty(
          fc.nat(places.length - 1),
          fc.constantFrom<JsonValue>(...STRANGE),
          async (index, strange) => {
            const place = places[index] as readonly (string | number)[];
            const bytes = Buffer.from(JSON.stringify(withValueAt(report, place, strange)));
            const { items, error } = await readUntilError(format, inMemory(bytes));
            if (error !== null && !(error instanceof InboxError)) throw error;
            checkShape(items);
            format.claims(describeHead('strange', bytes));
          },
        ),
        { numRuns: 60 },
      );
    });
  });
});

const STRANGE: readonly JsonValue[] = [
  null,
  true,
  0,
  -1.5,
  1e300,
  '',
  'x',
  'CRITICAL',
  '\u0000\ud800',
  [],
  [null],
  [[1]],
  ['x'],
  {},
  { a: 1 },
  [{}],
  { constructor: { toString: 1 } },
];

function samplesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (each) =>
        each.isFile() &&
        each.name !== 'ORIGIN.md' &&
        each.name !== 'counts.json' &&
        !each.name.endsWith('.expected.json'),
    )
    .map((each) => join(each.parentPath, each.name).slice(folder.length + 1))
    .sort();
}

/** What a sample holds, as `import --json` counts it; what is absent is none. */
interface SampleCounts {
  readonly records: number;
  /** What one of `records` is. */
  readonly unit: string;
  readonly findings?: number;
  readonly passed?: number;
  readonly resources?: number;
  readonly relations?: number;
  readonly signals?: number;
  readonly rejects?: number;
  /** It names no tool, so its format has to be said. */
  readonly named?: true;
  /** The code of the error that it ends in. */
  readonly refused?: string;
}

function countsIn(folder: string): Record<string, SampleCounts> {
  return JSON.parse(readFileSync(join(folder, 'counts.json'), 'utf8'));
}

function withoutMarks(counted: SampleCounts | undefined): Omit<SampleCounts, 'unit'> | undefined {
  if (counted === undefined) return undefined;
  const { unit: _unit, named: _named, refused: _refused, ...counts } = counted;
  return counts;
}

function countItems(items: readonly ReportItem[]): Omit<SampleCounts, 'unit'> {
  const counts = new Map<string, number>([['records', 0]]);
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const item of items) {
    if (item.kind === 'record' || item.kind === 'reject') count('records');
    if (item.kind === 'reject') count('rejects');
    if (item.kind !== 'record' && item.kind !== 'beside') continue;
    for (const observation of item.observations) {
      if (observation.kind === 'resource') count('resources');
      if (observation.kind === 'relation') count('relations');
      if (observation.kind === 'signal') count('signals');
      if (observation.kind !== 'finding') continue;
      if (observation.state.is !== 'ended') count('findings');
      else if (observation.state.passed) count('passed');
    }
  }
  return Object.fromEntries(counts) as unknown as SampleCounts;
}

async function inputOf(path: string): Promise<ReportInput> {
  for await (const input of openInputs(path, path.slice(path.lastIndexOf('/') + 1))) return input;
  throw new Error(`${path} holds no report`);
}

function inMemory(bytes: Uint8Array): ReportInput {
  return {
    name: 'report',
    open: async function* () {
      for await (const input of openBytes(Buffer.from(bytes), 'report')) yield* input.open();
    },
  };
}

async function bytesOf(path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await inputOf(path)).open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function readAll(format: ReportFormat, input: ReportInput): Promise<readonly ReportItem[]> {
  const { items, error } = await readUntilError(format, input);
  if (error !== null) throw error;
  return items;
}

/** What was read, as it would be stored: without members that are undefined. */
async function readUntilError(
  format: ReportFormat,
  input: ReportInput,
): Promise<{ readonly items: readonly ReportItem[]; readonly error: unknown }> {
  const items: ReportItem[] = [];
  try {
    for await (const item of format.read(input, CONTEXT)) items.push(JSON.parse(JSON.stringify(item)));
    return { items, error: null };
  } catch (error) {
    return { items, error };
  }
}

function recordsOf(items: readonly ReportItem[]): readonly ReportItem[] {
  return items.filter((item) => item.kind === 'record');
}

function observationsOf(items: readonly ReportItem[]): readonly string[] {
  return items
    .flatMap((item) => (item.kind === 'record' ? item.observations.map((each) => JSON.stringify(each)) : []))
    .sort();
}

const PROVIDER = /^(?:nvd|ghsa|cna|distribution:[a-z0-9][a-z0-9 ._-]*|scanner:[a-z0-9][a-z0-9 ._-]*)$/;

/** What the types cannot hold once values come from a report. */
function checkShape(items: readonly ReportItem[]): void {
  for (const item of items) {
    if (item.kind === 'reject') expect(item.message).toMatch(/\S/);
    if (item.kind !== 'record' && item.kind !== 'beside') continue;
    for (const observation of item.observations) {
      if (observation.kind !== 'finding') continue;
      expect(observation.title.length).toBeGreaterThan(0);
      expect([...SEVERITIES, null]).toContain(observation.severity);
      const { subject } = observation;
      expect((subject.is === 'advisory' ? subject.id : subject.check).length).toBeGreaterThan(0);
      expect(observation.description?.length ?? 0).toBeLessThanOrEqual(5_000);
      expect(observation.references?.length ?? 0).toBeLessThanOrEqual(5);
      for (const claim of observation.vectors ?? []) expect(claim.provider).toMatch(PROVIDER);
    }
  }
}

/** The same report with the entries of each list turned round; null where `at` does not lead to lists in JSON. */
function withEntriesReversed(bytes: Buffer, items: readonly ReportItem[]): Buffer | null {
  const report = jsonOf(bytes);
  if (report === undefined) return null;
  const lists = new Set(
    items.flatMap((item) =>
      item.kind === 'record' && item.at.endsWith(']') ? [item.at.slice(0, item.at.lastIndexOf('['))] : [],
    ),
  );
  let found = false;
  for (const list of lists) {
    const value = valueAt(report, list);
    if (!Array.isArray(value)) continue;
    value.reverse();
    found = true;
  }
  return found ? Buffer.from(JSON.stringify(report)) : null;
}

function valueAt(report: JsonValue, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = report;
  for (const segment of path.split(/[.[\]]+/).filter((each) => each !== '')) {
    value = Array.isArray(value) ? value[Number(segment)] : asObject(value)?.[segment];
  }
  return value;
}

/** The paths of all values in a report, of long lists only those of the first elements. */
function placesIn(
  value: JsonValue,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  const inner = Array.isArray(value)
    ? value.slice(0, 4).flatMap((each, i) => placesIn(each, [...path, i]))
    : [];
  const members = Object.entries(asObject(value) ?? {}).flatMap(([key, each]) =>
    each === undefined ? [] : placesIn(each, [...path, key]),
  );
  return [path, ...inner, ...members];
}

function withValueAt(
  value: JsonValue,
  path: readonly (string | number)[],
  replacement: JsonValue,
): JsonValue {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((each, i) => (i === key ? withValueAt(each, rest, replacement) : each));
  const object = asObject(value) ?? {};
  return { ...object, [key]: withValueAt(object[key] ?? null, rest, replacement) };
}
