import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FeedItem } from '#domain/ports/intelligence-feed.ts';
import { nvd } from './nvd.ts';

const SAMPLE = readFileSync(new URL('samples/page.json', import.meta.url), 'utf8');

async function read(text: string): Promise<FeedItem[]> {
  async function* bytes() {
    for (let i = 0; i < text.length; i += 500) yield Buffer.from(text.slice(i, i + 500));
  }
  const items: FeedItem[] = [];
  for await (const item of nvd.read(bytes())) items.push(item);
  return items;
}

const page = (vulnerabilities: string, total = 1) =>
  `{"format":"NVD_CVE","version":"2.0","totalResults":${total},"timestamp":"2026-08-22T00:00:00.000","vulnerabilities":[${vulnerabilities}]}`;

test('the sample', async () => {
  const items = await read(SAMPLE);
  expect(items.map((item) => (item.kind === 'record' ? item.advisory : item.kind))).toEqual([
    'CVE-1999-1341',
    'CVE-2018-5487',
    'CVE-2020-15415',
    'CVE-2021-3881',
    'CVE-2022-0094',
    'CVE-2022-22375',
    'CVE-2022-34668',
    'CVE-2023-46009',
    'CVE-2024-3094',
    'header',
  ]);
  expect(items.at(-1)).toEqual({ kind: 'header', publishedAt: Date.UTC(2026, 7, 22), version: null });
});

test('pages that follow each other are one feed', async () => {
  const items = await read(
    `${page('{"cve":{"id":"CVE-2024-0001"}}')}\n${page('{"cve":{"id":"CVE-2024-0002"}}')}`,
  );
  expect(items.map(({ kind }) => kind)).toEqual(['record', 'header', 'record', 'header']);
});

test('a record that cannot be read is a reject, and the rest is kept', async () => {
  const items = await read(
    page('{"cve":{"id":"CVE-2024-0001"}},{"cve":{}},{"cve":{"id":"CVE-2024-\n0003"}}', 3),
  );
  expect(items).toMatchObject([
    { kind: 'record', advisory: 'CVE-2024-0001' },
    { kind: 'reject', at: '[0].vulnerabilities[1]', code: 'missing_field' },
    { kind: 'reject', at: '[0].vulnerabilities[2]', code: 'not_json' },
    { kind: 'header' },
  ]);
});

test('a page that says that it is empty is empty', async () => {
  expect(await read(page('', 0))).toEqual([
    { kind: 'header', publishedAt: Date.UTC(2026, 7, 22), version: null },
  ]);
});

test.each([
  ['a page that should not be empty', page('', 5)],
  ['a second page that should not be empty', `${page('{"cve":{"id":"CVE-2024-0001"}}')}${page('', 5)}`],
  ['a page without records', '{"format":"NVD_CVE","version":"2.0"}'],
  ['another format', '{"format":"OTHER","totalResults":0,"vulnerabilities":[]}'],
  ['records that are all broken', page('{},{}', 2)],
  ['a page that ends early', SAMPLE.slice(0, -100)],
  ['a second page that ends early', `${page('{"cve":{"id":"CVE-2024-0001"}}')}{"format":"NVD_`],
])('%s: broken', async (_, text) => {
  await expect(read(text)).rejects.toMatchObject({ code: 'feed_broken' });
});
