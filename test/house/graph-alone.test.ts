import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '../../src');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'graph-alone-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Copies a file of the sources, and what of other floors it names, into the package. */
function take(path: string): void {
  const text = readFileSync(join(SRC, path), 'utf8');
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  for (const [, floor, file] of text.matchAll(/from '#(\w+)\/([^']+)'/g)) take(`${floor}/${file}`);
}

test('the graph floor is a package of its own: with the few lines of base that it names it finds its way', () => {
  const files = readdirSync(join(SRC, 'graph')).filter(
    (name) => name.endsWith('.ts') && !/\.test(?:-suite|-sample)?\.ts$/.test(name),
  );
  for (const name of files) take(`graph/${name}`);
  expect(readdirSync(folder).sort()).toEqual(['base', 'graph']);
  expect(readdirSync(join(folder, 'base'))).toEqual(['compare.ts']);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'graph', type: 'module', imports: { '#base/*': './base/*' } }),
  );
  writeFileSync(
    join(folder, 'try.ts'),
    `${files.map((name) => `import './graph/${name}';`).join('\n')}
import { buildGraph } from './graph/graph.ts';
import { pathTo, shortestPaths } from './graph/shortest-paths.ts';
const graph = buildGraph({
  nodeCount: 4,
  tails: Int32Array.of(0, 1, 0, 2),
  heads: Int32Array.of(1, 3, 2, 3),
  costs: Uint8Array.of(5, 5, 1, 1),
});
console.log([...(pathTo(graph, shortestPaths(graph, [0]), 3) ?? [])].map((edge) => graph.heads[edge]).join(' '));
`,
  );
  const said = execFileSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(folder, 'try.ts')],
    { encoding: 'utf8' },
  );
  expect(said.trim()).toBe('2 3');
});
