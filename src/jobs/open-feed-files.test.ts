import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openInputs } from '#formats/reading/open-input.ts';
import { zipOf } from '../../test/support/zip-of.ts';
import { openFeedFiles } from './open-feed-files.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feed-files-'));
  await mkdir(join(folder, 'tree', 'b'), { recursive: true });
  await writeFile(join(folder, 'tree', 'b', 'two.json'), '{"b":2}');
  await writeFile(join(folder, 'tree', 'a.json'), '{"a":1}');
  await writeFile(join(folder, 'tree', '.hidden'), 'no');
  await writeFile(
    join(folder, 'all.zip'),
    zipOf({ 'x/one.json': '{"a":1}', 'README.md': '# no', 'two.json': '{"b":2}' }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function read(location: string): Promise<readonly (readonly [string, string])[]> {
  const files = await openFeedFiles(location, fetch, openInputs);
  return Promise.all(files.map(async (file) => [file.name, await text(file.open())] as const));
}

test('a folder is all files in it, and in the folders in it', async () => {
  expect(await read(join(folder, 'tree'))).toEqual([
    ['a.json', '{"a":1}'],
    ['two.json', '{"b":2}'],
  ]);
});

test('an archive is its members behind each other, on disk and from an address', async () => {
  const members = '{"a":1}\n{"b":2}\n';
  expect(await read(join(folder, 'all.zip'))).toEqual([['all.zip', members]]);
  const server = createServer((_request, answer) => {
    answer.end(zipOf({ 'x/one.json': '{"a":1}', 'two.json': '{"b":2}' }));
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as { port: number };
  try {
    expect(await read(`http://127.0.0.1:${port}/feeds/all.zip`)).toEqual([['all.zip', members]]);
  } finally {
    server.close();
  }
});
