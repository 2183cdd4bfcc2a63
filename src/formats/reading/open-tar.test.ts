import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { expect, test } from 'vitest';
import { USUAL_LIMITS } from '#domain/ports/input-limits.ts';
import { openBytes } from './open-input.ts';
import { zip } from './open-zip.test-archive.ts';

const TEXT = '{"name":"é – ok"}';

async function tar(...members: readonly (Partial<Header> & { name: string; body?: string | Buffer })[]) {
  const archive = pack();
  for (const { body, ...header } of members)
    if ((header.type ?? 'file') === 'file') archive.entry(header, body ?? TEXT);
    else archive.entry(header);
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

async function membersOf(bytes: Buffer, limits = USUAL_LIMITS): Promise<[string, string][]> {
  const members: [string, string][] = [];
  for await (const input of openBytes(bytes, 'r', limits)) {
    // A format looks at a member before it reads it.
    await readAll(input).catch(() => '');
    members.push([input.name, await readAll(input).catch((error) => `refused: ${error.code}`)]);
  }
  return members;
}

async function readAll(input: { open(): AsyncIterable<Uint8Array> }): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input.open()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test.each<[string, (bytes: Buffer) => Buffer]>([
  ['plain', (bytes) => bytes],
  ['in gzip', gzipSync],
  ['in zstd', zstdCompressSync],
])('every member of an archive is a report, %s; folders and what macOS adds are none', async (_, packed) => {
  const bytes = await tar(
    { name: './sub/', type: 'directory' },
    { name: './sub/a.json' },
    { name: './sub/._a.json', body: 'x' },
    { name: '.DS_Store', body: 'x' },
    { name: 'b.json.gz', body: gzipSync(TEXT) },
    { name: `${'long/'.repeat(40)}c.json` },
    { name: 'empty.json', body: '' },
  );
  expect(await membersOf(packed(bytes))).toEqual([
    ['r!sub/a.json', TEXT],
    ['r!b.json.gz', TEXT],
    [`r!${'long/'.repeat(40)}c.json`, TEXT],
    ['r!empty.json', ''],
  ]);
});

test.each<[string, Partial<Header> & { name: string; body?: string | Buffer }, string]>([
  ['a path out of it', { name: '../../outside.json' }, 'report_broken'],
  ['an absolute path', { name: '/abs.json' }, 'report_broken'],
  ['a symbolic link', { name: 'link', type: 'symlink', linkname: '/etc/passwd' }, 'report_broken'],
  ['a hard link', { name: 'link', type: 'link', linkname: 'ok.json' }, 'report_broken'],
  ['a device', { name: 'tty', type: 'character-device' }, 'report_broken'],
  ['a name of 256 bytes', { name: 'x'.repeat(256) }, 'too_large'],
  ['more than 64 MB', { name: 'large.json', body: Buffer.alloc(64 * 1024 ** 2 + 1, ' ') }, 'too_large'],
  ['an archive', { name: 'in.zip', body: zip({ name: 'a.json', body: TEXT }) }, 'report_too_deep'],
])('a member that is %s is refused alone', async (_what, member, code) => {
  const [bad, ok, ...others] = await membersOf(await tar(member, { name: 'ok.json' }));
  expect(bad?.[1]).toBe(`refused: ${code}`);
  expect(ok).toEqual(['r!ok.json', TEXT]);
  expect(others).toEqual([]);
});

test('a member of 64 MB is read', async () => {
  const body = Buffer.alloc(64 * 1024 ** 2, ' ');
  const [read] = await membersOf(await tar({ name: 'large.json', body }));
  expect(read?.[1].length).toBe(body.length);
});

test('an archive that is cut off gives the members before, and says that it is', async () => {
  const whole = await tar({ name: 'a.json' }, { name: 'b.json', body: ' '.repeat(2_000) });
  const read: string[] = [];
  await expect(async () => {
    for await (const input of openBytes(whole.subarray(0, 2_500), 'r')) read.push(await readAll(input));
  }).rejects.toMatchObject({ code: 'report_broken', message: expect.stringMatching(/damaged or cut off/) });
  expect(read).toEqual([TEXT]);
});

test('as many members as are allowed are read, one more is refused', async () => {
  const limits = { ...USUAL_LIMITS, 'archive-members': 2 };
  const two = [{ name: 'a.json' }, { name: 'b.json' }];
  expect(await membersOf(await tar(...two), limits)).toHaveLength(2);
  await expect(membersOf(await tar(...two, { name: 'c.json' }), limits)).rejects.toMatchObject({
    code: 'too_large',
  });
});

test('members that grow beyond what their archive may are a bomb', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 ** 2, 0x20));
  const members = await membersOf(await tar({ name: 'a.json' }, { name: 'bomb.json.gz', body: bomb }));
  expect(members).toEqual([
    ['r!a.json', TEXT],
    ['r!bomb.json.gz', 'refused: too_large'],
  ]);
});

test('what only looks like an archive is a report', async () => {
  const bytes = await tar({ name: 'a.json' });
  // The first letter of the name is another one, which the checksum does not know.
  bytes[0] = 0x7b;
  expect(await membersOf(bytes)).toEqual([['r', bytes.toString()]]);
});
