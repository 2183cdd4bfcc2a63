import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { feedBytes, headText } from './feed-bytes.ts';

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

async function text(input: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of feedBytes(input)) all.push(chunk);
  return Buffer.concat(all).toString('utf8');
}

const LONG = 'cve,epss,percentile\n'.repeat(20_000);

test.each([1, 2, 3, 65_536])('plain and gzip read the same in chunks of %d bytes', async (size) => {
  expect(await text(chunks(Buffer.from('cve,épss'), size))).toBe('cve,épss');
  expect(await text(chunks(gzipSync('cve,épss'), size))).toBe('cve,épss');
});

test('a long file, and one of a single byte, and none', async () => {
  expect(await text(chunks(gzipSync(LONG), 100))).toBe(LONG);
  expect(await text(chunks(Buffer.from('x'), 1))).toBe('x');
  expect(await text(chunks(Buffer.alloc(0), 1))).toBe('');
});

test('gzip that is cut off or damaged breaks the feed', async () => {
  const whole = gzipSync(LONG);
  const damaged = Buffer.from(whole);
  damaged.fill(0xff, 20, 60);
  for (const bytes of [whole.subarray(0, -20), whole.subarray(0, 12), damaged]) {
    await expect(text(chunks(bytes, 64))).rejects.toMatchObject({ code: 'feed_broken' });
  }
});

test('the head as text, also of a part of a gzip file', () => {
  expect(headText(Buffer.from('\ufeffcve,epss'))).toBe('cve,epss');
  expect(headText(gzipSync(LONG).subarray(0, 60))).toMatch(/^cve,epss,percentile\n/);
  expect(headText(Buffer.from([0x1f, 0x8b, 0xff, 0xff, 0xff]))).toBe('');
  expect(headText(Buffer.alloc(0))).toBe('');
});
