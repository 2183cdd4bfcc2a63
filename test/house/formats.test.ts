import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { foldersIn, repositoryFiles, textOf } from './tree.ts';

const files = repositoryFiles();
const has = (path: string) => files.includes(path);

const ORIGIN = /github\.com\/[\w.-]+\/[\w.-]+|https?:\/\/|\bown\b/;
const LICENCE = /\b(Apache-2\.0|MIT|BSD-[23]-Clause|CC0-1\.0|ISC|0BSD|Unlicense)\b/;

/** What the list of a room imports from its own folders, as `folder/file` without the ending, in the list's order. */
function importedUnits(list: string): readonly string[] {
  return [...textOf(list).matchAll(/^import .* from '\.\/([\w/-]+)\.ts';$/gm)].map(
    ([, unit]) => unit as string,
  );
}

/** The ids that stand in the arrays that a list exports, in the list's order. */
async function listedIds(list: string): Promise<readonly string[]> {
  const exports = Object.values(await import(/* @vite-ignore */ `../../${list}`));
  return exports
    .filter(Array.isArray)
    .flatMap((units: readonly { readonly id: string }[]) => units.map(({ id }) => id));
}

/** Files made by others, or in their shape: all of `samples/` but its origins and the golden files, which are ours. */
function samplesOf(folder: string): readonly string[] {
  const samples = `${folder}/samples/`;
  return files
    .filter((path) => path.startsWith(samples))
    .map((path) => path.slice(samples.length))
    .filter((name) => name !== 'ORIGIN.md' && !/\.(expected|golden)\.\w+$/.test(name));
}

/** Whether a line of ORIGIN.md names a sample in backticks, by its name or by a pattern with stars. */
function names(line: string, sample: string): boolean {
  return [...line.matchAll(/`([^`\s]+)`/g)].some(([, pattern]) =>
    posix.matchesGlob(sample, (pattern as string).replace(/^samples\//, '')),
  );
}

describe.each([
  { list: 'src/formats/formats.ts', shared: 'reading' },
  { list: 'src/feeds/feeds.ts', shared: 'reading' },
])('$list', ({ list, shared }) => {
  const room = posix.dirname(list);
  const folders = foldersIn(room).filter((folder) => folder !== shared);

  test('lists every folder beside it once, alphabetically, and nothing else', async () => {
    expect(folders).not.toEqual([]);
    expect([...importedUnits(list)]).toEqual(folders.map((folder) => `${folder}/${folder}`));
    expect(await listedIds(list)).toEqual(folders);
  });

  test.each(folders)('%s has its code, its page and its samples', (folder) => {
    const missing = [`${folder}.ts`, 'README.md', 'samples/ORIGIN.md']
      .map((name) => `${room}/${folder}/${name}`)
      .filter((path) => !has(path));
    expect(missing).toEqual([]);
    expect(samplesOf(`${room}/${folder}`)).not.toEqual([]);
  });

  test.each(folders)('%s tells the origin and the licence of every sample', (folder) => {
    const lines = textOf(`${room}/${folder}/samples/ORIGIN.md`).split('\n');
    const told = lines.filter((line) => ORIGIN.test(line) && LICENCE.test(line));
    expect(
      samplesOf(`${room}/${folder}`).filter((sample) => !told.some((line) => names(line, sample))),
      'Write one line per sample (or pattern) with its name in backticks, github.com/owner/repository and path or "own", and its licence.',
    ).toEqual([]);
  });
});

describe('src/formats', () => {
  const folders = foldersIn('src/formats').filter((folder) => folder !== 'reading');
  const sectionOf = (folder: string, title: RegExp) =>
    textOf(`src/formats/${folder}/README.md`)
      .split(/^## /m)
      .find((section) => title.test(section));

  test.each(folders)('%s has a table of its severities, or says that it gives no findings', (folder) => {
    expect(sectionOf(folder, /^[^\n]*severity\n/i)).toMatch(/^\|.+\|$\n^\|[-|]+\|$\n^\|.+\|$|^None: /m);
  });

  test.each(folders)(
    '%s has a table of what its findings, signals or resources are named after',
    (folder) => {
      expect(sectionOf(folder, /^Identity of its \w+\n/)).toMatch(/^\|.+\|$\n^\|[-|]+\|$\n^\|.+\|$/m);
    },
  );
});

describe('src/domain/inbox/default-rules.ts', () => {
  const list = 'src/domain/inbox/default-rules.ts';
  const rules = files
    .filter((path) => path.startsWith('src/domain/inbox/rules/') && !path.endsWith('.test.ts'))
    .map((path) => path.slice('src/domain/inbox/'.length).replace(/\.ts$/, ''));

  test('lists every rule of the folder beside it, one file each, and nothing else', async () => {
    expect(rules).not.toEqual([]);
    expect([...importedUnits(list)].filter((unit) => unit.startsWith('rules/')).sort()).toEqual(rules);
    expect(new Set(await listedIds(list)).size).toBe(rules.length);
  });
});

test.each([
  ['| `many.json` | github.com/a/b | MIT |', 'many.json', true],
  ['| `cvss/*.tsv` | own | MIT |', 'cvss/a.tsv', true],
  ['| `samples/one.json`, `two.json` |', 'two.json', true],
  ['| `samples/one.json` |', 'one.json', true],
  ['| many.json |', 'many.json', false],
  ['| `too-many.json` |', 'many.json', false],
])('%s names %s: %s', (line, sample, expected) => {
  expect(names(line, sample)).toBe(expected);
});
