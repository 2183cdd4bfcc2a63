import { basename, dirname } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { isTest, repositoryFiles, sourceFiles, textOf } from './tree.ts';

const LINES_MAX = 600;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const sources = sourceFiles();
const files = new Set(repositoryFiles());

const lines = (text: string) => text.split('\n').length;

/** A file without a word of its own: all that it says is `export … from`. */
function isBarrel(path: string, text: string): boolean {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return (
    statements.length > 0 &&
    statements.every(
      (statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined,
    )
  );
}

/** `x.test.ts` and `x.some-aspect.test.ts` are about the file `x` beside them, or about the folder `x` they are in. */
function hasSubject(path: string): boolean {
  const [name] = basename(path).split('.');
  return (
    basename(dirname(path)) === name ||
    ['ts', 'tsx', 'mjs'].some((extension) => files.has(`${dirname(path)}/${name}.${extension}`))
  );
}

describe('names', () => {
  test('no file is a drawer for everything', () => {
    const drawers = ['types', 'utils', 'helpers', 'common', 'index', 'misc', 'shared'];
    expect(
      sources.filter((path) => drawers.includes(basename(path).replace(/\.(tsx?|mjs)$/, ''))),
      'Name the file after the one thing inside; a type lives beside what it describes.',
    ).toEqual([]);
  });

  test('files and folders of code are kebab-case', () => {
    expect(
      sources.filter((path) =>
        path
          .split('/')
          .flatMap((part) => part.split('.'))
          .some((part) => !KEBAB.test(part)),
      ),
    ).toEqual([]);
  });

  test('the graph floor has no word of security', () => {
    const words = /\b(attack|breach|compromis|exploit|finding|malware|secur|severity|threat|vulnerab)\w*/gi;
    expect(
      sources
        .filter((path) => path.startsWith('src/graph/'))
        .flatMap((path) =>
          // The name of the text that a rule comes from is no word of the rule.
          [
            ...textOf(path)
              .replaceAll(/attack-paths §[\d.]+/g, '')
              .matchAll(words),
          ].map(([word]) => `${path}: ${word}`),
        ),
      'It computes on numbers and can be published alone. Say node, edge, cost, gate.',
    ).toEqual([]);
  });

  test('a test in src or web stands beside what it tests', () => {
    expect(
      sources.filter((path) => /^(src|web)\//.test(path) && isTest(path)).filter((path) => !hasSubject(path)),
      'Name the test after the file beside it (x.test.ts, x.aspect.test.ts) or after its folder; a journey over rooms goes to test/.',
    ).toEqual([]);
  });
});

describe('sizes and shapes', () => {
  test(`no file of code is longer than ${LINES_MAX} lines`, () => {
    expect(
      sources
        .filter((path) => !path.includes('/data/'))
        .map((path) => `${path}: ${lines(textOf(path))} lines`)
        .filter((line) => Number(/(\d+) lines$/.exec(line)?.[1]) > LINES_MAX),
      'A file beyond that is data, generated, or a place to get lost. Move data to a data/ folder, or split the thought.',
    ).toEqual([]);
  });

  test('no file only passes on what others export', () => {
    expect(
      sources.filter((path) => isBarrel(path, textOf(path))),
      'Import from the file that holds the thing.',
    ).toEqual([]);
  });

  test.each([
    ["export { a } from './a.ts';\nexport type * from './b.ts';\n", true],
    ["import { a } from './a.ts';\nexport const b = a;\n", false],
    ["export { a } from './a.ts';\nexport const b = 1;\n", false],
    ['export {};\n', false],
    ['', false],
  ])('%j is a barrel: %s', (text, expected) => {
    expect(isBarrel('any.ts', text)).toBe(expected);
  });
});
