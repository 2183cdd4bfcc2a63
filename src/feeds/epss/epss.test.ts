import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textLines } from '#base/text-lines.ts';
import type { FeedItem } from '#domain/ports/intelligence-feed.ts';
import { epss, mapEpssComment, mapEpssLine } from './epss.ts';

async function* bytesOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

async function read(text: string): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  for await (const item of epss.read(bytesOf(text, 64))) items.push(item);
  return items;
}

const sample = (name: string) => readFileSync(new URL(`samples/${name}`, import.meta.url), 'utf8');

test.each([
  ['model-2025.csv', '2025-12-26T12:55:00Z', 'v2025.03.14', 20],
  ['model-2023.csv', '2024-10-25T00:00:00Z', 'v2023.03.01', 10],
])('the sample %s', async (name, date, version, rows) => {
  const [header, ...facts] = await read(sample(name));
  expect(header).toEqual({ kind: 'header', publishedAt: Date.parse(date), version });
  expect(facts).toHaveLength(rows);
  expect(facts.every(({ kind }) => kind === 'epss')).toBe(true);
});

test('the sample without a date, all of it', async () => {
  expect(await read(sample('no-date.csv'))).toEqual([
    { kind: 'header', publishedAt: null, version: 'v2023.03.01' },
    { kind: 'epss', advisory: 'CVE-1999-0001', score: 0.00383, percentile: 0.73075 },
    { kind: 'epss', advisory: 'CVE-1999-0002', score: 0.01328, percentile: 0.85996 },
    { kind: 'epss', advisory: 'CVE-1999-0003', score: 0.04409, percentile: 0.9244 },
    { kind: 'epss', advisory: 'CVE-1999-0004', score: 0.00917, percentile: 0.82963 },
    { kind: 'epss', advisory: 'CVE-1999-0005', score: 0.91963, percentile: 0.99214 },
  ]);
});

test('a file without the comment is read too, with either line end', async () => {
  const plain = 'cve,epss,percentile\nCVE-2024-0001,0.5,0.9\n';
  expect(await read(plain)).toEqual(await read(plain.replaceAll('\n', '\r\n')));
  expect(await read(plain.trimEnd())).toEqual([
    { kind: 'epss', advisory: 'CVE-2024-0001', score: 0.5, percentile: 0.9 },
  ]);
});

test.each([
  ['#model_version:v2022.01.01,score_date:2022-02-04T00:00:00+0000', 'v2022.01.01', '2022-02-04T00:00:00Z'],
  ['#model_version:v2025.03.14,score_date:2025-03-17T00:00:00Z', 'v2025.03.14', '2025-03-17T00:00:00Z'],
  ['#model_version:v1', 'v1', null],
  ['#model_version:,score_date:yesterday', null, null],
])('the comment %s', (comment, version, date) => {
  expect(mapEpssComment(comment)).toEqual({
    kind: 'header',
    version,
    publishedAt: date === null ? null : Date.parse(date),
  });
});

describe('a row', () => {
  test.each([
    ['CVE-2024-0001,0.00043,0.09291', 0.00043, 0.09291],
    ['cve-2024-0001,0,1', 0, 1],
    ['CVE-2024-0001,1e-05,1.00000', 0.00001, 1],
  ])('%s', (line, score, percentile) => {
    expect(mapEpssLine(line)).toEqual({ kind: 'epss', advisory: 'CVE-2024-0001', score, percentile });
  });

  test.each([
    '',
    'CVE-2024-0001',
    'CVE-2024-0001,0.5',
    'CVE-2024-0001,0.5,',
    'CVE-2024-0001,,0.5',
    'CVE-2024-0001,1.000001,0.5',
    'CVE-2024-0001,0.5,1.000001',
    'CVE-2024-0001,-0.000001,0.5',
    'CVE-2024-0001,0.5,-0.000001',
    'CVE-2024-0001,NaN,0.5',
    'CVE-2024-0001,1e400,0.5',
    'CVE-2024-0001,0.5,0.5,0.5',
    'GHSA-xxxx,0.5,0.5',
  ])('%s is none', (line) => {
    expect(mapEpssLine(line)).toBeNull();
  });

  test('that cannot be read is a reject, and the rest is kept', async () => {
    const items = await read('cve,epss,percentile\nCVE-2024-0001,2,0.9\n\nCVE-2024-0002,0.5,0.9\n');
    expect(items).toEqual([
      {
        kind: 'reject',
        at: 'line 2',
        code: 'unknown_value',
        message: 'Expected a CVE id and two numbers from 0 to 1.',
      },
      { kind: 'epss', advisory: 'CVE-2024-0002', score: 0.5, percentile: 0.9 },
    ]);
  });
});

test.each([
  ['wrong columns', sample('wrong-columns.csv')],
  ['no rows', '#model_version:v1,score_date:2024-01-01\ncve,epss,percentile\n'],
  ['rows that are all broken', 'cve,epss,percentile\nx,y,z\nx,y,z\n'],
  ['a last line that is cut off', 'cve,epss,percentile\nCVE-2024-0001,0.5,0.9\nCVE-2024-00'],
  ['a line without end', `cve,epss,percentile\n${'x'.repeat(70_000)}`],
])('%s: broken', async (_, text) => {
  await expect(read(text)).rejects.toMatchObject({ code: 'feed_broken' });
});

test('lines come out the same however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r\n', '😀') })),
      fc.integer({ min: 1, max: 9 }),
      async (parts, size) => {
        const text = parts.join('\n');
        const lines: string[] = [];
        for await (const line of textLines(bytesOf(text, size), 1_000, () => new Error('too long')))
          lines.push(line.text);
        const expected = text.split(/\r?\n/);
        if (expected.at(-1) === '') expected.pop();
        expect(lines).toEqual(expected);
      },
    ),
  );
});
