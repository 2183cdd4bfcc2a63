import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { FeedItem } from '#domain/ports/intelligence-feed.ts';
import { FEEDS } from './feeds.ts';

const HERE = new URL('./', import.meta.url);
const SAMPLES = FEEDS.flatMap(({ id }) =>
  readdirSync(new URL(`${id}/samples/`, HERE))
    .filter((name) => name !== 'ORIGIN.md')
    .map((name) => ({ id, name, bytes: readFileSync(new URL(`${id}/samples/${name}`, HERE)) })),
);

async function* inChunks(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

async function readAll(id: string, bytes: Uint8Array): Promise<FeedItem[]> {
  const feed = FEEDS.find((each) => each.id === id);
  const items: FeedItem[] = [];
  for await (const item of feed?.read(inChunks(bytes)) ?? []) items.push(item);
  return items;
}

test('the list and the folders name the same feeds', () => {
  const folders = readdirSync(HERE, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== 'reading',
  );
  expect(FEEDS.map(({ id }) => id)).toEqual(folders.map(({ name }) => name).sort());
});

describe.each(SAMPLES)('$id/samples/$name', ({ id, name, bytes }) => {
  test('is claimed by its feed alone, plain and gzip', () => {
    for (const head of [bytes, gzipSync(bytes)]) {
      expect(FEEDS.filter((feed) => feed.claims(head, name)).map((feed) => feed.id)).toEqual([id]);
    }
  });

  test('breaks when its gzip is cut off', async () => {
    await expect(readAll(id, gzipSync(bytes).subarray(0, -12))).rejects.toMatchObject({
      code: 'feed_broken',
    });
  });
});

test.each(SAMPLES.filter(({ name }) => name !== 'wrong-columns.csv'))(
  '$id/samples/$name reads the same twice, and as gzip, and has a header',
  async ({ id, bytes }) => {
    const items = await readAll(id, bytes);
    expect(await readAll(id, bytes)).toEqual(items);
    expect(await readAll(id, gzipSync(bytes))).toEqual(items);
    expect(items.filter((item) => item.kind === 'header')).toHaveLength(1);
    expect(items.filter((item) => item.kind === 'reject')).toEqual([]);
  },
);

describe.each(FEEDS)('$id', (feed) => {
  test.each([
    ['an empty file', ''],
    ['blank lines', '\n\n'],
    ['an HTML page', '<!doctype html><html><body>Access denied</body></html>'],
    ['JSON of another kind', '{"vulnerabilities":"none","count":0}'],
    ['a truncated JSON text', '{"vulnerabilities":[{"cve":{"id":"CVE-'],
    ['binary', '\u0000\u0001\ufffd'],
  ])('%s is not claimed and breaks', async (_, text) => {
    expect(feed.claims(Buffer.from(text), 'file')).toBe(false);
    await expect(readAll(feed.id, Buffer.from(text))).rejects.toMatchObject({ code: 'feed_broken' });
  });
});
