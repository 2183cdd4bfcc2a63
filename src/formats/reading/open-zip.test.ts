import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { USUAL_LIMITS } from '#domain/ports/input-limits.ts';
import { openBytes } from './open-input.ts';
import { zip } from './open-zip.test-archive.ts';

const TEXT = '{"name":"é – ok"}';
const TEXT_BYTES = Buffer.byteLength(TEXT);

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

test('every member of an archive is a report; folders and what macOS adds are none', async () => {
  const bytes = zip(
    { name: 'a.json', body: TEXT },
    { name: 'sub/', body: '' },
    { name: 'folder', body: '', mode: 0o040755 },
    { name: 'sub/b.json.gz', body: gzipSync(TEXT), stored: true },
    { name: '__MACOSX/a.json', body: 'x' },
  );
  expect(await membersOf(bytes)).toEqual([
    ['r!a.json', TEXT],
    ['r!sub/b.json.gz', TEXT],
  ]);
});

test.each<[string, string | Buffer, number?]>([
  ['a path out of it', '../../outside.json'],
  ['a path out of it in the middle', 'ok/../../x.json'],
  ['a path out of it as Windows writes it', '..\\win.json'],
  ['a folder above as its name', 'a/..'],
  ['an absolute path', '/abs.json'],
  ['an absolute path of Windows', 'C:\\abs.json'],
  ['a share of Windows', '\\\\host\\abs.json'],
  ['a NUL character', 'nul\0.json'],
  ['a symbolic link', 'link', 0o120777],
  ['a device for characters', 'tty', 0o020666],
  ['a device for blocks', 'sda', 0o060660],
  ['a pipe', 'fifo', 0o010644],
  ['a socket', 'socket', 0o140755],
])('a member that is %s is refused alone', async (_what, name, mode) => {
  const [bad, ok, ...others] = await membersOf(
    zip({ name, body: TEXT, ...(mode === undefined ? {} : { mode }) }, { name: 'ok.json', body: TEXT }),
  );
  expect(bad?.[1]).toBe('refused: report_broken');
  expect(ok).toEqual(['r!ok.json', TEXT]);
  expect(others).toEqual([]);
});

test('names are labels of one line, whatever they say', async () => {
  const names = ['bell\u0007\u202e.json', 'dots..json', '...', 'a/...json', 'c'];
  expect(
    (await membersOf(zip(...names.map((name) => ({ name, body: TEXT }))))).map(([name, text]) => [
      name,
      text,
    ]),
  ).toEqual([
    ['r!bell.json', TEXT],
    ['r!dots..json', TEXT],
    ['r!...', TEXT],
    ['r!a/...json', TEXT],
    ['r!c', TEXT],
  ]);
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

test('an archive in an archive is opened, and none in that', async () => {
  const nested = (depth: number): Buffer =>
    depth === 0
      ? Buffer.from(TEXT)
      : zip({ name: `${depth}`, body: nested(depth - 1) }, { name: 'beside.json', body: '{}' });
  expect(await membersOf(nested(2))).toEqual([
    ['r!2!1', TEXT],
    ['r!2!beside.json', '{}'],
    ['r!beside.json', '{}'],
  ]);
  expect(await membersOf(nested(3))).toEqual([
    ['r!3!2', 'refused: report_too_deep'],
    ['r!3!beside.json', '{}'],
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

test('a compressed member is one report; an archive or more compression in it is refused', async () => {
  const inner = zip({ name: 'a.json', body: TEXT });
  expect(
    await membersOf(
      zip(
        { name: 'zip.gz', body: gzipSync(inner) },
        { name: 'gz.gz', body: gzipSync(gzipSync(TEXT)) },
        { name: 'inner.zip', body: zip({ name: 'b.json.gz', body: gzipSync(TEXT) }) },
      ),
    ),
  ).toEqual([
    ['r!zip.gz', 'refused: report_too_deep'],
    ['r!gz.gz', 'refused: report_too_deep'],
    ['r!inner.zip!b.json.gz', TEXT],
  ]);
});

test('members that share bytes refuse the archive; ones that touch do not', async () => {
  const first = { name: 'a.json', body: TEXT };
  const refusal = { code: 'report_broken', message: expect.stringContaining('overlap') };
  await expect(membersOf(zip(first, { name: 'a.json', body: TEXT, isOverlay: true }))).rejects.toMatchObject(
    refusal,
  );
  expect(await membersOf(zip(first, { name: 'b.json', body: TEXT }))).toHaveLength(2);
  const bytes = zip({ name: 'a', body: TEXT, stored: true });
  // A size of one more reaches into the list of members.
  const listAt = bytes.indexOf('PK\u0001\u0002');
  for (const at of [listAt + 20, listAt + 24]) bytes.writeUInt32LE(TEXT_BYTES + 1, at);
  await expect(membersOf(bytes)).rejects.toMatchObject(refusal);
});

test('a member that grows too much is refused alone, whatever lies beside it', async () => {
  // Does not compress, and never begins as compressed files do, as random bytes now and then would.
  const noise = createHash('shake256', { outputLength: 2 * 1024 * 1024 })
    .update('noise')
    .digest();
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

test('all members of a file grow to one bound together', async () => {
  const blank = (megabytes: number) => gzipSync(Buffer.alloc(megabytes * 1024 * 1024, ' '));
  const compressed = (name: string) => ({ name, body: blank(9), stored: true });
  const outcomes = (await membersOf(zip(compressed('a'), compressed('b'), compressed('c')))).map(
    ([name, text]) => [name, text.length > 100 ? 'read' : text],
  );
  expect(outcomes).toEqual([
    ['r!a', 'read'],
    ['r!b', 'refused: too_large'],
    ['r!c', 'refused: too_large'],
  ]);
  const nested = zip({ name: 'in.zip', body: zip(compressed('a'), compressed('b')), stored: true });
  expect((await membersOf(nested)).at(-1)).toEqual(['r!in.zip!b', 'refused: too_large']);
});

test('a member that is read twice, or again in part, counts once and whole', async () => {
  const body = gzipSync(Buffer.alloc(9 * 1024 * 1024, ' '));
  const lengths: unknown[] = [];
  for await (const input of openBytes(zip({ name: 'a', body, stored: true }, { name: 'b', body }), 'r')) {
    const read = () =>
      readAll(input).then(
        ({ length }) => length,
        (error) => error.code,
      );
    lengths.push(await read(), await read());
    for await (const _head of input.open()) break;
  }
  expect(lengths).toEqual([9437184, 9437184, 'too_large', 'too_large']);
});

test('an archive has two thousand members, and names of 255 bytes, and not one more', async () => {
  const members = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `${i}`, body: '' }));
  expect(await membersOf(zip(...members(2_000)))).toHaveLength(2_000);
  await expect(membersOf(zip(...members(2_001)))).rejects.toMatchObject({ code: 'too_large' });
  const inner = { name: 'in.zip', body: zip(...members(2)) };
  expect((await membersOf(zip(...members(1_997), inner))).length).toBe(1_999);
  expect((await membersOf(zip(...members(1_998), inner))).at(-1)).toEqual(['r!in.zip', 'refused: too_large']);
  const names = ['a'.repeat(255), 'b'.repeat(256), `${'é'.repeat(127)}cc`];
  const [inside, outside, letters] = await membersOf(zip(...names.map((name) => ({ name, body: TEXT }))));
  expect(inside).toEqual([`r!${names[0]}`, TEXT]);
  expect([outside?.[1], letters?.[1]]).toEqual(['refused: too_large', 'refused: too_large']);
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

test('an archive has as many members as whoever runs the product says', async () => {
  const bytes = zip({ name: 'a.json', body: TEXT }, { name: 'b.json', body: TEXT });
  const names = async (most: number) => {
    const limits = { ...USUAL_LIMITS, 'archive-members': most };
    const found = [];
    for await (const { name } of openBytes(bytes, 'x.zip', limits)) found.push(name);
    return found;
  };
  expect(await names(2)).toEqual(['x.zip!a.json', 'x.zip!b.json']);
  await expect(names(1)).rejects.toThrow('has more than 1 members');
});
