import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../src/base/json-value.ts';
import { sliceJson } from '../../src/base/slice-json.ts';
import type { ReportFormat } from '../../src/domain/ports/report-format.ts';
import { FORMATS } from '../../src/formats/formats.ts';
import { openBytes } from '../../src/formats/reading/open-input.ts';
import { percentile } from './measure.ts';

const ROOM = join(import.meta.dirname, '../../src/formats');
/** So large is what is measured. */
const BYTES = 8 * 1024 * 1024;
const ROUNDS = 5;
/** The design's figure: no slower than half as fast as JSON.parse. */
const TIMES_MAX = 2;

interface Measured {
  readonly id: string;
  /** Times what JSON.parse of the whole takes: cut into its entries, each of them parsed and checked. */
  readonly parsed: number;
  /** The same with everything that the format says of them. */
  readonly read: number;
  readonly line: string;
}

/** A line for each format with a sample in JSON, beside its bar: how much longer it takes than parsing it at once. */
export async function measureFormats(only: string | undefined): Promise<readonly string[]> {
  const measured: Measured[] = [];
  for (const format of FORMATS.filter(({ id }) => only === undefined || id === only)) {
    const enlarged = enlargedSample(format);
    if (enlarged === null) continue;
    const { bytes, name, path } = enlarged;
    const patterns = [[...path, '*'].map((step) => (step.includes('.') ? '*' : step)).join('.')];
    let records = 0;
    const [parse = 1, cut = 1, read = 1] = await fastest([
      async () => void JSON.parse(bytes.toString('utf8')),
      async () => {
        for await (const event of sliceJson(inChunks(bytes), { patterns })) void event;
      },
      async () => {
        records = await readWhole(format, bytes);
      },
    ]);
    const parsed = cut / parse;
    const observed = read / parse;
    const line = `${format.id}: parsed entry by entry in ${besideBar(parsed)} JSON.parse of the whole, ${megabytesIn(cut, bytes)} MB/s; read to observations in ${besideBar(observed)}, ${megabytesIn(read, bytes)} MB/s (${records} entries of ${name})`;
    measured.push({ id: format.id, parsed, read: observed, line });
  }
  return [
    ...measured.map(({ line }) => line),
    together(
      'parsed',
      measured.map(({ id, parsed }) => [id, parsed] as const),
    ),
    together(
      'read to observations',
      measured.map(({ id, read }) => [id, read] as const),
    ),
  ];
}

function besideBar(times: number): string {
  return `${times.toFixed(1)} x (${times <= TIMES_MAX ? 'within' : 'BEYOND'} ${TIMES_MAX} x)`;
}

function together(what: string, formats: readonly (readonly [id: string, times: number])[]): string {
  const times = formats.map(([, each]) => each);
  const beyond = formats.filter(([, each]) => each > TIMES_MAX);
  const [worst, most] = formats.reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0] as const);
  return `${what}: ${formats.length - beyond.length} of ${formats.length} formats within ${TIMES_MAX} x, ${percentile(times, 0.5).toFixed(1)} x at the median, ${most.toFixed(1)} x at worst (${worst})`;
}

function megabytesIn(ms: number, bytes: Buffer): string {
  return (bytes.length / 1024 / 1024 / (ms / 1_000)).toFixed(0);
}

/** Milliseconds of the processor of each at its best, one after the other in each round, so that all meet the same machine. */
async function fastest(works: readonly (() => Promise<void>)[]): Promise<readonly number[]> {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, work] of works.entries()) {
      const began = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(began);
      best[index] = Math.min(best[index] as number, (user + system) / 1_000);
    }
  return best;
}

async function readWhole(format: ReportFormat, bytes: Buffer): Promise<number> {
  let records = 0;
  const context = { root: null, account: null, region: null, cluster: null };
  for await (const input of openBytes(bytes, 'report'))
    for await (const item of format.read(input, context)) if (item.kind === 'record') records++;
  return records;
}

/** The largest sample in JSON of a format, its longest list repeated until it is large. */
function enlargedSample(
  format: ReportFormat,
): { readonly bytes: Buffer; readonly name: string; readonly path: readonly string[] } | null {
  const folder = join(ROOM, format.id, 'samples');
  const candidates = readdirSync(folder)
    .filter((name) => /\.(?:json|sarif)$/.test(name) && !/expected|counts/.test(name))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
    .sort((a, b) => b.text.length - a.text.length);
  for (const { name, text } of candidates) {
    const value = jsonOf(text);
    const found = value === undefined ? null : longestList(value);
    if (value === undefined || found === null || found.list.length === 0) continue;
    const { list, path } = found;
    const own = [...list];
    const times = Math.ceil(BYTES / Math.max(1, JSON.stringify(own).length));
    list.length = 0;
    for (let time = 0; time < times; time++) for (const each of own) list.push(each);
    return { bytes: Buffer.from(JSON.stringify(value)), name, path };
  }
  return null;
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface FoundList {
  readonly list: JsonValue[];
  readonly path: readonly string[];
  readonly size: number;
}

/** By what it holds: the one whose elements are the longest text, and where it stands. */
function longestList(value: JsonValue, path: readonly string[] = []): FoundList | null {
  if (typeof value !== 'object' || value === null) return null;
  const holdsObjects =
    Array.isArray(value) && value.some((each) => typeof each === 'object' && each !== null);
  const own = holdsObjects ? { list: value, path, size: JSON.stringify(value).length } : null;
  const inner = Object.entries(value)
    .slice(0, 200)
    .flatMap(([key, each]) => longestList(each as JsonValue, [...path, key]) ?? []);
  // A list that holds another one is repeated as a whole.
  return (
    own ??
    inner.reduce<FoundList | null>(
      (best, each) => (best === null || each.size > best.size ? each : best),
      null,
    )
  );
}

async function* inChunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += CHUNK) yield bytes.subarray(from, from + CHUNK);
}

const CHUNK = 256 * 1024;
