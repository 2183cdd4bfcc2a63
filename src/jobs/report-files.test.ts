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

test.each([
  ['beside it', 'dump/x.json', 'dump/sts-get-caller-identity.json'],
  ['above its region', 'dump/eu-west-1/x.json', 'dump/sts-get-caller-identity.json'],
  ['nearer', 'dump/us-east-1/x.json', 'dump/us-east-1/get-caller-identity.json'],
  ['not above another folder', 'dump/prod/x.json', undefined],
  ['none', 'other/x.json', undefined],
  ['itself', 'dump/sts-get-caller-identity.json', undefined],
])(
  'a file that is asked for by itself has the answer that tells its account: %s',
  async (_, path, identity) => {
    for (const file of [
      'dump/sts-get-caller-identity.json',
      'dump/x.json',
      'dump/eu-west-1/x.json',
      'dump/us-east-1/x.json',
      'dump/us-east-1/get-caller-identity.json',
      'dump/prod/x.json',
      'other/x.json',
    ]) {
      await mkdir(join(folder, file, '..'), { recursive: true });
      await writeFile(join(folder, file), '{}');
    }
    const { files, release } = await findReportFiles([join(folder, path)], Readable.from([]));
    await release();
    const told = files.map((each) => each.identity);
    expect(told).toEqual([identity === undefined ? undefined : join(folder, identity)]);
    const whole = await findReportFiles([join(folder, 'dump')], Readable.from([]));
    await whole.release();
    expect(whole.files.filter((each) => each.identity !== undefined)).toEqual([]);
    await Promise.all(['dump', 'other'].map((each) => rm(join(folder, each), { recursive: true })));
  },
);

test('standard input is spooled, and gone once it was read', async () => {
  const { files, release } = await findReportFiles(['-'], Readable.from(['{}']));
  expect(files.map(({ name }) => name)).toEqual(['stdin']);
  await release();
  await expect(findReportFiles([files[0]?.path ?? ''], Readable.from([]))).rejects.toMatchObject({
    code: 'not_found',
  });
});
