import { expect, test } from 'vitest';
import type { CodeOwnersObservation } from '#domain/finding/observation.ts';
import { CodeOwners, type CodeOwnersFile } from '#domain/resource/code-owners.ts';
import { itemsOf } from '../../../test/support/read-report.ts';
import { describeHead } from '../reading/describe-head.ts';
import { codeowners } from './codeowners.ts';

function read(text: string, name = 'CODEOWNERS', repository: string | null = null) {
  return itemsOf(codeowners, text, { name, repository });
}

async function fileOf(text: string, name?: string, repository?: string) {
  const last = (await read(text, name, repository ?? null)).at(-1);
  if (last?.kind !== 'beside') throw new Error('no file was read');
  return (last.observations[0] as CodeOwnersObservation).file as CodeOwnersFile;
}

test.each([
  ['CODEOWNERS', 'anything at all: {', true],
  ['a/.github/CODEOWNERS', '# nothing\n', true],
  ['owners.txt', '# x\n* @a\n/docs/ @b/c d@example.com\n/vendor/', true],
  ['owners.txt', '[Docs] @a\n*.md\n/x/ @b\n', true],
  ['notes.txt', 'remember the milk @home today\n', false],
  ['notes.txt', 'one\ntwo\nthree @a\n', false],
  ['catalog-info.yaml', 'owner: @a\n', false],
  ['error.log', '[2026] error: @a\nx @b\n', false],
  ['list.json', '["*", "@a"]', false],
])('%s with %j is one: %s', (name, text, isOne) => {
  expect(codeowners.claims(describeHead(name, Buffer.from(text)))).toBe(isOne);
});

test.each([
  ['* @a', 'CODEOWNERS', undefined, 'github', 'CODEOWNERS'],
  ['* @a', 'x/.gitlab/CODEOWNERS', undefined, 'gitlab', '.gitlab/CODEOWNERS'],
  ['[Docs]\n* @a', 'docs/CODEOWNERS', undefined, 'gitlab', 'docs/CODEOWNERS'],
  ['[Docs]\n* @a', '.github/CODEOWNERS', undefined, 'github', '.github/CODEOWNERS'],
  ['* @a', 'CODEOWNERS', 'https://gitlab.example.com/acme/shop', 'gitlab', 'CODEOWNERS'],
  ['[Docs]\n* @a', 'a.zip!shop/CODEOWNERS', 'git@github.com:acme/shop', 'github', 'CODEOWNERS'],
])('%j in %s of %s follows %s', async (text, name, repository, dialect, location) => {
  expect(await fileOf(text, name, repository)).toMatchObject({ dialect, location });
});

test('a section gives its owners to lines without any, and ends where the next begins', async () => {
  const owners = new CodeOwners(
    await fileOf('[Db] @dba\n/model/\n/model/x.rb @x\n!/model/old/\n[Docs]\n*.md\n'),
  );
  const names = (path: string) => owners.ownersOf(path).map(({ name }) => name);
  expect(names('model/a.rb')).toEqual(['@dba']);
  expect(names('model/x.rb')).toEqual(['@x']);
  expect(names('model/old/a.rb')).toEqual([]);
  expect(names('README.md')).toEqual([]);
});

test('what GitHub passes over is a reject, and owns nothing', async () => {
  const text = '* @all\r\n!/a/ @x\n/[ab]/ @x\n\\#c @x\n/d/ nobody\n';
  const items = await read(text);
  expect(items.flatMap((item) => (item.kind === 'reject' ? [item.at] : []))).toEqual([
    'line 2',
    'line 3',
    'line 4',
    'line 5',
  ]);
  expect((await fileOf(text)).rules).toHaveLength(1);
});

test('a file that no host would load is refused', async () => {
  await expect(read(`* @a\n${'#'.repeat(3 * 1024 * 1024)}`)).rejects.toMatchObject({ code: 'too_large' });
});
