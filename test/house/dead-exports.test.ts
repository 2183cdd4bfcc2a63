import { describe, expect, test } from 'vitest';
import { type ModuleShape, moduleShape } from './module-shape.ts';
import { isTest, sourceFiles, textOf } from './tree.ts';

/** Exports that no file of ours imports into the product, and why they are there. */
const EXCEPTIONS: readonly { readonly name: string; readonly why: string }[] = [
  {
    name: 'src/store/embedded/supervisor.ts: probeEmbeddedPostgres',
    why: 'Asks whether a server runs without starting one; so far only the tests of the supervisor do.',
  },
  { name: 'test/support/global-setup.ts: setup', why: 'Vitest calls it.' },
  {
    name: 'test/support/slowest-first.ts: SlowestFirst',
    why: 'The configuration of Vitest, which stands outside of the source folders, hands it over.',
  },
  { name: 'web/vite.config.ts: default', why: 'Vite reads it.' },
];

/**
 * The exports that nothing needs. A value is needed when a file of the product imports it; when only tests do, the
 * product must use it in its own file, else it exists for its tests alone. A type is needed also where its own file
 * uses it, to say what an exported function takes or gives.
 */
function deadExports(modules: ReadonlyMap<string, ModuleShape>): readonly string[] {
  const importers = new Map<string, string[]>();
  for (const [importer, { imports }] of modules) {
    for (const { path, name } of imports) {
      const key = `${path}: ${name}`;
      importers.set(key, [...(importers.get(key) ?? []), importer]);
    }
  }
  return [...modules].flatMap(([path, { exports }]) =>
    exports
      .filter(({ name, isType, isUsedInside }) => {
        const users = [...(importers.get(`${path}: ${name}`) ?? []), ...(importers.get(`${path}: *`) ?? [])];
        if (users.some((user) => isTest(path) || !isTest(user))) return false;
        return !isUsedInside || (users.length === 0 && !isType);
      })
      .map(({ name }) => `${path}: ${name}`),
  );
}

describe('what is exported', () => {
  const dead = deadExports(new Map(sourceFiles().map((path) => [path, moduleShape(path, textOf(path))])));
  const exceptions = EXCEPTIONS.map(({ name }) => name);

  test('is needed by somebody else', () => {
    expect(
      dead.filter((name) => !exceptions.includes(name)),
      'Delete what nobody uses; drop the word "export" from what only its own file uses.',
    ).toEqual([]);
  });

  test('every exception is still needed', () => {
    expect(exceptions.filter((name) => !dead.includes(name))).toEqual([]);
  });
});

describe('an export', () => {
  const deadIn = (files: Readonly<Record<string, string>>) =>
    deadExports(new Map(Object.entries(files).map(([path, text]) => [path, moduleShape(path, text)])));

  test.each([
    ['imported by name', 'export const a = 1;', "import { a } from './a.ts';"],
    ['imported under another name', 'export function a() {}', "import { a as b } from '#base/a.ts';"],
    ['imported as a type', 'export interface a {}', "import type { a } from './a.ts';"],
    ['imported inside a type', 'export type a = 1;', "export const b: import('./a.ts').a = 1;"],
    ['imported with the whole file', 'export class a {}', "import * as all from './a.ts';"],
    ['imported while running', 'export const a = 1;', "await import('./a.ts');"],
    ['passed on', 'const a = 1;\nexport { a };', "export { a } from './a.ts';\nimport './b.ts';"],
    ['a type of its own file', 'interface b {}\nexport type a = b;\nconst c: a = {};', ''],
    ['taken apart', 'export const { a } = { a: 1 };', "import { a } from './a.ts';"],
    ['the default', 'export default 1;', "import a from './a.ts';"],
  ])('%s is needed', (_, text, user) => {
    expect(
      deadIn({ 'src/base/a.ts': text, 'src/base/b.ts': user }).filter((name) =>
        name.startsWith('src/base/a.ts'),
      ),
    ).toEqual([]);
  });

  test('that only a test imports is needed when its own file uses it', () => {
    const test = "import { a } from './a.ts';";
    expect(deadIn({ 'src/base/a.ts': 'export const a = 1;', 'src/base/a.test.ts': test })).toEqual([
      'src/base/a.ts: a',
    ]);
    expect(deadIn({ 'src/base/a.ts': 'export const a = 1;\na;', 'src/base/a.test.ts': test })).toEqual([]);
    expect(
      deadIn({
        'test/support/a.ts': 'export const a = 1;',
        'test/a.test.ts': "import { a } from './support/a.ts';",
      }),
    ).toEqual([]);
  });

  test.each([
    ['a value', 'export const a = 1;'],
    ['a value that its own file uses', 'export const a = 1;\na;'],
    ['a function', 'export async function a() {}'],
    ['a type', 'export interface a {}'],
    ['a list of names', 'const a = 1;\nexport { a };\na;'],
  ])('%s without an importer is dead', (_, text) => {
    expect(
      deadIn({
        'src/base/a.ts': text,
        'src/base/b.ts': "import { c } from './a.ts';\nimport { a } from './d.ts';",
      }),
    ).toEqual(['src/base/a.ts: a']);
  });
});
