import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findReportFiles } from './report-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-files-'));
  for (const file of [
    'b.json',
    'a.json',
    'a.csv',
    'sub/c.json',
    'sub/.hidden',
    '.github/CODEOWNERS',
    '.git/config',
  ]) {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), file);
  }
});
afterAll(() => rm(folder, { recursive: true }));

async function found(...paths: readonly string[]): Promise<readonly string[]> {
  const { files, release } = await findReportFiles(
    paths.map((path) => join(folder, path)),
    Readable.from([]),
  );
  await release();
  return files.map(({ path }) => relative(folder, path).replaceAll('\\', '/'));
}

test.each([
  [
    'a folder, what git keeps and hidden files left out',
    '',
    ['.github/CODEOWNERS', 'a.csv', 'a.json', 'b.json', 'sub/c.json'],
  ],
  ['a file', 'a.json', ['a.json']],
  ['a pattern', '*.json', ['a.json', 'b.json']],
  ['a pattern of one character', '?.csv', ['a.csv']],
  ['a pattern that matches a folder and what is in it', 'sub/**', ['sub/c.json']],
  ['a pattern over folders', '**/*.json', ['a.json', 'b.json', 'sub/c.json']],
])('the reports of %s', async (_name, path, expected) => {
  expect(await found(path)).toEqual(expected);
});

test.each([
  ['nowhere', /^There is no file or folder .*nowhere\.$/],
  ['*.xml', /^There is no file or folder that matches .*\*\.xml\.$/],
])('%s is told', async (path, message) => {
  await expect(found('a.json', path)).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringMatching(message),
  });
});

test('standard input is spooled, and gone once it was read', async () => {
  const { files, release } = await findReportFiles(['-'], Readable.from(['{}']));
  expect(files.map(({ name }) => name)).toEqual(['stdin']);
  await release();
  await expect(findReportFiles([files[0]?.path ?? ''], Readable.from([]))).rejects.toMatchObject({
    code: 'not_found',
  });
});
