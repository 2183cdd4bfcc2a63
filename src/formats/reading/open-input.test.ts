import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openBytes, openInputs } from './open-input.ts';

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

test('every member of an archive is a report; folders, links and what macOS adds are none', async () => {
  const bytes = zip(
    { name: 'a.json', body: TEXT },
    { name: 'sub/', body: '' },
    { name: 'sub/b.json.gz', body: gzipSync(TEXT), stored: true },
    { name: '__MACOSX/a.json', body: 'x' },
    { name: 'link', body: '/etc/hostname', mode: 0o120777 },
  );
  expect(await membersOf(bytes)).toEqual([
    ['r!a.json', TEXT],
    ['r!sub/b.json.gz', TEXT],
  ]);
});

test('names are labels, whatever they say', async () => {
  const names = [
    '../../outside.json',
    '/abs.json',
    'ok/../../x.json',
    '..\\win.json',
    'bell\u0007\u202e.json',
  ];
  expect(
    (await membersOf(zip(...names.map((name) => ({ name, body: '{}' }))))).map(([name]) => name),
  ).toEqual(['r!../../outside.json', 'r!/abs.json', 'r!ok/../../x.json', 'r!../win.json', 'r!bell.json']);
});

test('a member that cannot be read is refused alone', async () => {
  const bytes = zip(
    { name: 'secret.json', body: TEXT, encrypted: true },
    { name: 'lies.json', body: TEXT, declared: 3 },
    { name: 'odd.json', body: TEXT, method: 97 },
    { name: 'ok.json', body: TEXT },
  );
  expect(await membersOf(bytes)).toEqual([
    ['r!secret.json', 'refused: report_encrypted'],
    ['r!lies.json', 'refused: report_broken'],
    ['r!odd.json', 'refused: report_broken'],
    ['r!ok.json', TEXT],
  ]);
});

test('archives in archives are opened two deep', async () => {
  const nested = (depth: number): Buffer =>
    depth === 0
      ? Buffer.from(TEXT)
      : zip({ name: `${depth}`, body: nested(depth - 1) }, { name: 'beside.json', body: '{}' });
  expect(await membersOf(nested(4))).toEqual([
    ['r!4!3', 'refused: too_large'],
    ['r!4!beside.json', '{}'],
    ['r!beside.json', '{}'],
  ]);
  expect(
    await membersOf(
      zip({ name: 'broken.zip', body: nested(1).subarray(0, -10) }, { name: 'ok.json', body: TEXT }),
    ),
  ).toEqual([
    ['r!broken.zip', 'refused: report_broken'],
    ['r!ok.json', TEXT],
  ]);
});

test('a member that grows too much is refused alone, whatever lies beside it', async () => {
  const noise = randomBytes(2 * 1024 * 1024);
  const members = await membersOf(
    zip(
      { name: 'bomb.json', body: Buffer.alloc(11 * 1024 * 1024, ' ') },
      { name: 'large.json', body: Buffer.alloc(10 * 1024 * 1024, ' ') },
      { name: 'noise', body: noise, stored: true },
      { name: 'ok.json', body: TEXT },
    ),
  );
  expect(members.map(([name, text]) => [name, text.length > 100 ? 'read' : text])).toEqual([
    ['r!bomb.json', 'refused: too_large'],
    ['r!large.json', 'read'],
    ['r!noise', 'read'],
    ['r!ok.json', TEXT],
  ]);
});

test('an archive has two thousand members, and names of 255 bytes, and not one more', async () => {
  const members = (count: number) =>
    zip(...Array.from({ length: count }, (_, i) => ({ name: `${i}`, body: '' })));
  expect(await membersOf(members(2_000))).toHaveLength(2_000);
  await expect(membersOf(members(2_001))).rejects.toMatchObject({ code: 'too_large' });
  const names = ['a'.repeat(255), 'b'.repeat(256)];
  const [inside, outside] = await membersOf(zip(...names.map((name) => ({ name, body: TEXT }))));
  expect(inside).toEqual([`r!${names[0]}`, TEXT]);
  expect(outside?.[0].length).toBeLessThan(260);
});

test('archives that are too large or damaged are refused whole', async () => {
  const refusal = (bytes: Buffer) => membersOf(bytes).catch((error) => error.code);
  expect(await refusal(zip({ name: 'bomb', body: Buffer.alloc(200 * 1024 * 1024) }))).toBe('too_large');
  expect(await refusal(zip(...Array.from({ length: 2_001 }, (_, i) => ({ name: `${i}`, body: '' }))))).toBe(
    'too_large',
  );
  expect(await refusal(zip({ name: 'a', body: TEXT }).subarray(0, -5))).toBe('report_broken');
});

interface Member {
  readonly name: string;
  readonly body: string | Buffer;
  readonly stored?: boolean;
  readonly encrypted?: boolean;
  readonly method?: number;
  readonly mode?: number;
  /** The size that the archive's list claims. */
  readonly declared?: number;
}

/** A zip archive of these members, byte by byte, so that it can also be wrong. */
function zip(...members: readonly Member[]): Buffer {
  const locals: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const {
    name,
    body,
    stored = false,
    encrypted = false,
    method = stored ? 0 : 8,
    mode = 0o100644,
    declared,
  } of members) {
    const plain = Buffer.from(body as string);
    const data = stored ? plain : deflateRawSync(plain);
    const label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800 | (encrypted ? 1 : 0), 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(declared ?? plain.length, 18);
    common.writeUInt16LE(label.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, label, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(mode * 0x10000, 6);
    tail.writeUInt32LE(offset, 10);
    list.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), common, tail, label);
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006'), end]);
}
