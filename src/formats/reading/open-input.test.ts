import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openBytes, openInputs } from './open-input.ts';
import { zip } from './open-zip.test-archive.ts';

const TEXT = '{"name":"é – ok"}';

async function readAll(input: { open(): AsyncIterable<Uint8Array> }): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input.open()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function membersOf(bytes: Buffer): Promise<[string, string][]> {
  const members: [string, string][] = [];
  for await (const input of openBytes(bytes, 'r'))
    members.push([input.name, await readAll(input).catch((error) => `refused: ${error.code}`)]);
  return members;
}

const utf16le = Buffer.from(TEXT, 'utf16le');
const utf16be = Buffer.from(utf16le).swap16();

test.each<[string, Buffer]>([
  ['plain', Buffer.from(TEXT)],
  ['byte order mark', Buffer.from(`\ufeff${TEXT}`)],
  ['UTF-16 LE', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le])],
  ['UTF-16 BE', Buffer.concat([Buffer.from([0xfe, 0xff]), utf16be])],
  ['UTF-16 LE without mark', utf16le],
  ['UTF-16 BE without mark', utf16be],
  ['gzip', gzipSync(TEXT)],
  ['gzip of two members', Buffer.concat([gzipSync(TEXT.slice(0, 5)), gzipSync(TEXT.slice(5))])],
  ['gzip of UTF-16', gzipSync(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le]))],
  ['zstd', zstdCompressSync(Buffer.from(TEXT))],
])('%s gives the report in UTF-8', async (_name, bytes) => {
  expect(await membersOf(bytes)).toEqual([['r', TEXT]]);
});

test('a tiny file is no trouble', async () => {
  for (const text of ['', '1', '{}']) expect(await membersOf(Buffer.from(text))).toEqual([['r', text]]);
});

test('damaged compression is report_broken, a bomb too_large', async () => {
  expect(await membersOf(gzipSync(TEXT.repeat(1000)).subarray(0, -20))).toEqual([
    ['r', 'refused: report_broken'],
  ]);
  const flipped = zstdCompressSync(Buffer.from(TEXT.repeat(1000)));
  flipped.fill(0xff, 10);
  expect(await membersOf(flipped)).toEqual([['r', 'refused: report_broken']]);
  expect(await membersOf(gzipSync(Buffer.alloc(200 * 1024 * 1024)))).toEqual([['r', 'refused: too_large']]);
  expect((await membersOf(gzipSync(Buffer.alloc(10 * 1024 * 1024, ' '))))[0]?.[1]).toHaveLength(
    10 * 1024 * 1024,
  );
  expect(await membersOf(gzipSync(Buffer.alloc(10 * 1024 * 1024 + 1, ' ')))).toEqual([
    ['r', 'refused: too_large'],
  ]);
});

test('a file is opened as often as asked; one that is not there is said so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'open-input-'));
  try {
    const path = join(folder, 'report.json.gz');
    await writeFile(path, gzipSync(TEXT));
    for await (const input of openInputs(path, 'report.json.gz')) {
      expect([input.name, await readAll(input), await readAll(input)]).toEqual([
        'report.json.gz',
        TEXT,
        TEXT,
      ]);
    }
    const archive = join(folder, 'a.zip');
    await writeFile(archive, zip({ name: 'x.json', body: TEXT }));
    for await (const input of openInputs(archive, 'a.zip')) {
      expect([input.name, await readAll(input), await readAll(input)]).toEqual(['a.zip!x.json', TEXT, TEXT]);
    }
    await expect(openInputs(join(folder, 'none'), 'none').next()).rejects.toThrow(
      expect.objectContaining({
        code: 'not_found',
        message: '"none" cannot be opened: there is no such file.',
      }),
    );
    await expect(openInputs(folder, 'folder').next()).rejects.toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what was compressed is a report, and neither compressed again nor an archive', async () => {
  const refusal = [['r', 'refused: report_too_deep']];
  expect(await membersOf(gzipSync(gzipSync(TEXT)))).toEqual(refusal);
  expect(await membersOf(gzipSync(zstdCompressSync(TEXT)))).toEqual(refusal);
  expect(await membersOf(zstdCompressSync(zip({ name: 'a.json', body: TEXT })))).toEqual(refusal);
});
