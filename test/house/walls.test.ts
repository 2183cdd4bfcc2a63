import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { afterAll, describe, expect, test } from 'vitest';
import { ROOT, sourceFiles, textOf } from './tree.ts';
import { CLEAN, LIBRARIES, PLANTS } from './walls-plants.ts';

const walls = await extractDepcruiseOptions(join(ROOT, '.dependency-cruiser.mjs'));
const rules = walls.ruleSet?.forbidden ?? [];

async function cruiseTree(
  baseDir: string,
  files: readonly string[],
  tsConfig: string,
): Promise<ICruiseResult> {
  const { output } = await cruise([...files], { ...walls, baseDir }, undefined, {
    tsConfig: extractTSConfig(join(baseDir, tsConfig)),
  });
  if (typeof output === 'string') throw new Error(`expected a cruise result, found text: ${output}`);
  return output;
}

/** Per violation the rule, the import (of a circle the whole way round), and the rule's sentence. */
function violationsOf(result: ICruiseResult): readonly string[] {
  return result.summary.violations.map(
    ({ rule, from, to, cycle }) =>
      `${rule.name}: ${[from, ...(cycle?.map(({ name }) => name) ?? [to])].join(' -> ')}\n    ${rules.find(({ name }) => name === rule.name)?.comment}`,
  );
}

/** All that is loaded when the modules that match `start` are: what they import as values, and what that imports. */
function loadedFrom(result: ICruiseResult, start: RegExp): readonly string[] {
  const modules = new Map(result.modules.map((module) => [module.source, module]));
  const loaded = new Set(result.modules.map(({ source }) => source).filter((source) => start.test(source)));
  for (const source of loaded) {
    for (const { resolved, dependencyTypes } of modules.get(source)?.dependencies ?? []) {
      if (!dependencyTypes.some((type) => type === 'type-only' || type === 'type-import'))
        loaded.add(resolved);
    }
  }
  return [...loaded];
}

/** Those of the modules that are Node's own. */
function nodeModulesIn(result: ICruiseResult, modules: readonly string[]): readonly string[] {
  return result.modules
    .filter(({ source, coreModule }) => coreModule === true && modules.includes(source))
    .map(({ source }) => source);
}

describe('the repository', async () => {
  const isWeb = (path: string) => path.startsWith('web/');
  const sources = sourceFiles();
  const server = await cruiseTree(
    ROOT,
    sources.filter((path) => !isWeb(path)),
    'tsconfig.json',
  );
  const web = existsSync(join(ROOT, 'web/tsconfig.json'))
    ? await cruiseTree(ROOT, sources.filter(isWeb), 'web/tsconfig.json')
    : undefined;

  test('breaks no wall', () => {
    expect([...new Set([...violationsOf(server), ...(web ? violationsOf(web) : [])])].join('\n')).toBe('');
  });

  test('is cruised whole: a module that is not seen breaks no wall', () => {
    const seen = new Set(
      [server, web].flatMap((result) => result?.modules.map(({ source }) => source) ?? []),
    );
    expect(sources.filter((path) => !seen.has(path))).toEqual([]);
  });

  test('resolves the aliases of package.json, and reads the imports of a type', () => {
    const dependencies = server.modules.flatMap((module) => module.dependencies);
    const aliased = dependencies.filter(({ module }) => module.startsWith('#'));
    expect(aliased.length).toBeGreaterThan(0);
    expect(aliased.filter(({ couldNotResolve }) => couldNotResolve).map(({ module }) => module)).toEqual([]);
    expect(dependencies.some(({ dependencyTypes }) => dependencyTypes.includes('type-only'))).toBe(true);
  });

  test('gives the browser nothing that reaches a module of Node', () => {
    expect(nodeModulesIn(server, loadedFrom(server, /^src\/contract\/(?!.*\.test\.ts$)/))).toEqual([]);
  });
});

describe('a wall', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'house-walls-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const writeJson = (path: string, value: unknown) => write(path, JSON.stringify(value));

  const declared = LIBRARIES.filter((name) => name !== 'undeclared' && name !== 'only-for-tests');
  writeJson('package.json', {
    name: 'planted',
    version: '1.0.0',
    type: 'module',
    imports: JSON.parse(textOf('package.json')).imports,
    dependencies: Object.fromEntries(declared.map((name) => [name, '1.0.0'])),
    devDependencies: { 'only-for-tests': '1.0.0' },
  });
  writeJson('web/package.json', { name: 'planted-web', version: '1.0.0', type: 'module' });
  write('tsconfig.json', textOf('tsconfig.json'));
  for (const name of LIBRARIES) {
    writeJson(`node_modules/${name}/package.json`, {
      name,
      version: '1.0.0',
      exports: { '.': { import: './lib/main.js' } },
      ...(name === 'given-up' ? { deprecated: 'nobody looks after it' } : {}),
    });
    write(`node_modules/${name}/lib/main.js`, 'export const it = 1;\n');
  }
  for (const [path, imports] of Object.entries(CLEAN)) write(path, `${imports.join('\n')}\nexport {};\n`);
  const plants = Object.entries(PLANTS).flatMap(([rule, files]) =>
    Object.entries(files).map(([file, text]) => ({ rule, file, text })),
  );
  for (const { file, text } of plants) write(file, `${text}\nexport {};\n`);

  const sources = [...Object.keys(CLEAN), ...plants.map(({ file }) => file)];
  const result = await cruiseTree(
    folder,
    sources.filter((path) => /\.tsx?$/.test(path)),
    'tsconfig.json',
  );
  const found = result.summary.violations.map(({ rule, from }) => `${rule.name} in ${from}`);

  test.each(rules)('$name says what a violation means and what to do', ({ comment }) => {
    expect(comment).toMatch(/^[A-Za-z].{30,}\. [A-Z].{8,}\.$/);
  });

  test('is planted a violation of each rule', () => {
    expect(Object.keys(PLANTS).sort()).toEqual(rules.map(({ name }) => name).sort());
  });

  test.each(plants)('$rule sees $file: $text', ({ rule, file }) => {
    expect(found).toContain(`${rule} in ${file}`);
  });

  test('follows what is loaded through values, and not through types', () => {
    expect(loadedFrom(result, /^src\/contract\/issue\.ts$/)).toEqual([
      'src/contract/issue.ts',
      'node_modules/zod/lib/main.js',
    ]);
    const loaded = loadedFrom(result, /^src\/formats\/trivy\/trivy\.ts$/);
    expect(loaded).toContain('node_modules/saxes/lib/main.js');
    expect(nodeModulesIn(result, loaded)).toEqual(['stream']);
  });

  test('says nothing about what is allowed', () => {
    expect(
      found.filter((violation) => Object.keys(CLEAN).some((path) => violation.endsWith(` in ${path}`))),
    ).toEqual([]);
  });
});
