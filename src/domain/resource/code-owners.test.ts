import { expect, test } from 'vitest';
import {
  CodeOwners,
  type CodeOwnersDialect,
  type CodeOwnersFile,
  followedFile,
  ownersOfWhole,
} from './code-owners.ts';

function fileOf(dialect: CodeOwnersDialect, lines: readonly string[]): CodeOwnersFile {
  let section: string | null = null;
  const rules = lines.flatMap((text, index) => {
    const [pattern = '', ...owners] = text.split(/(?<!\\) /);
    if (/^\[.*\]$/.test(pattern)) {
      section = pattern.slice(1, -1);
      return [];
    }
    const isExclusion = pattern.startsWith('!');
    return [
      { pattern: isExclusion ? pattern.slice(1) : pattern, owners, section, isExclusion, line: index + 1 },
    ];
  });
  return { dialect, location: 'CODEOWNERS', rules };
}

const owned = (dialect: CodeOwnersDialect, pattern: string, path: string) =>
  new CodeOwners(fileOf(dialect, [`${pattern} @a`])).ownersOf(path).length > 0;

/** Pattern, paths that it is about, paths that it is not about; from the documentation of both hosts. */
const GITHUB: readonly [string, readonly string[], readonly string[]][] = [
  ['*', ['a', 'a/b/c.ts'], []],
  ['*.js', ['a.js', 'src/deep/a.js', 'x.js/y'], ['a.jsx', 'a.ts']],
  ['/build/logs/', ['build/logs/a', 'build/logs/b/c'], ['x/build/logs/a', 'build/logs']],
  ['docs/*', ['docs/getting-started.md'], ['docs/build-app/troubleshooting.md', 'x/docs/a.md']],
  ['apps/', ['apps/a', 'x/apps/y/z'], ['apps']],
  ['/docs/', ['docs/a/b'], ['x/docs/a']],
  ['/scripts', ['scripts', 'scripts/a/b'], ['x/scripts/a']],
  ['**/logs', ['logs/a', 'build/logs/x', 'deeply/nested/logs/a/b', 'logs'], ['logs2/a']],
  ['src/**/test', ['src/test', 'src/a/b/test', 'src/a/test/x.ts'], ['test', 'src/testing']],
  ['docs/**', ['docs/a', 'docs/a/b'], ['docs', 'x/docs/a']],
  ['/lib/*.ts', ['lib/a.ts'], ['lib/x/a.ts']],
  ['a/b', ['a/b', 'a/b/c'], ['x/a/b']],
  ['file.?s', ['file.ts', 'x/file.js'], ['file.css']],
  ['/my\\ docs/', ['my docs/a'], ['my/docs/a']],
  ['Docs/', ['Docs/a'], ['docs/a']],
  ['.github/', ['.github/workflows/ci.yml'], ['github/a']],
];
const GITLAB: readonly [string, readonly string[], readonly string[]][] = [
  ['*', ['a', 'a/b/c.ts', '.env'], []],
  ['README.md', ['README.md', 'docs/README.md'], ['README.md/x']],
  ['internal/README.md', ['internal/README.md', 'docs/internal/README.md'], ['README.md']],
  ['/docs/', ['docs/a', 'docs/a/b'], ['x/docs/a']],
  ['docs/', ['docs/a', 'x/docs/a/b'], ['docs']],
  ['/docs', ['docs'], ['docs/a']],
  ['/docs/*', ['docs/a.md'], ['docs/a/b.md']],
  ['/docs/**/index.md', ['docs/index.md', 'docs/api/v1/index.md'], ['docs/api/other.md']],
  ['/docs/**', ['docs/a'], ['docs/a/b']],
  ['/[ab]*.rb', ['a.rb', 'bx.rb'], ['c.rb']],
  ['/[^0-9].txt', ['x.txt'], ['1.txt']],
  ['/\\#file', ['#file'], ['file']],
  ['/path\\ with\\ spaces/', ['path with spaces/a'], ['path/a']],
];

test.each(GITHUB)('GitHub: %s', (pattern, about, others) => {
  expect(about.filter((path) => !owned('github', pattern, path))).toEqual([]);
  expect(others.filter((path) => owned('github', pattern, path))).toEqual([]);
});

test.each(GITLAB)('GitLab: %s', (pattern, about, others) => {
  expect(about.filter((path) => !owned('gitlab', pattern, path))).toEqual([]);
  expect(others.filter((path) => owned('gitlab', pattern, path))).toEqual([]);
});

const names = (dialect: CodeOwnersDialect, lines: readonly string[], path: string) =>
  new CodeOwners(fileOf(dialect, lines)).ownersOf(path).map(({ name }) => name);

test('the last line that is about a file counts, and one without owners takes them away', () => {
  const lines = ['* @all', '/apps/ @octocat @acme/apps', '/apps/github'];
  expect(names('github', lines, 'README.md')).toEqual(['@all']);
  expect(names('github', lines, 'apps/x/y')).toEqual(['@octocat', '@acme/apps']);
  expect(names('github', lines, 'apps/github/z')).toEqual([]);
  expect(names('github', lines.slice(1), 'other')).toEqual([]);
});

test('each section of GitLab has owners of its own, and what one excludes stays out of it alone', () => {
  const lines = [
    '* @default',
    '[database]',
    '/model/ @db',
    '!/model/legacy/',
    '/model/legacy/a.rb @db',
    '[docs]',
    '*.md @tw',
  ];
  expect(names('gitlab', lines, 'model/user.rb')).toEqual(['@default', '@db']);
  expect(names('gitlab', lines, 'model/legacy/a.rb')).toEqual(['@default']);
  expect(names('gitlab', lines, 'model/README.md')).toEqual(['@default', '@db', '@tw']);
});

test('a path may be written with a dot in front, and slashes twice', () => {
  for (const path of ['./infra/main.tf', '/infra//main.tf', 'infra/./main.tf'])
    expect(names('github', ['/infra/ @a'], path)).toEqual(['@a']);
  for (const path of ['', '.', '/']) expect(names('github', ['* @a'], path)).toEqual([]);
});

test('the line is the reason', () => {
  const [owner] = new CodeOwners(fileOf('github', ['* @all', '/infra/ @acme/platform'])).ownersOf(
    'infra/main.tf',
  );
  expect(owner).toEqual({
    name: '@acme/platform',
    confidence: 0.7,
    reason: 'CODEOWNERS line 2: /infra/',
    source: 'code-owners',
  });
});

test.each<[CodeOwnersDialect, readonly string[], readonly string[]]>([
  ['github', ['* @all', '/infra/ @acme/platform', '*.md @docs'], ['@all']],
  ['github', ['/infra/ @acme/platform'], []],
  ['github', ['* @all', '*'], []],
  ['github', ['/* @root @other'], ['@root', '@other']],
  ['gitlab', ['* @default', '[Docs]', '* @tw', '[Database]', 'model/ @db'], ['@default', '@tw']],
])('whose a repository is as a whole: %s %j', (dialect, lines, owners) => {
  expect(ownersOfWhole(new CodeOwners(fileOf(dialect, lines))).map(({ name }) => name)).toEqual(owners);
});

test('of several files the one in the first place is followed', () => {
  const at = (dialect: CodeOwnersDialect, ...locations: string[]) =>
    followedFile(locations.map((location) => ({ dialect, location, rules: [] })))?.location;
  expect(at('github', 'docs/CODEOWNERS', 'CODEOWNERS', '.github/CODEOWNERS')).toBe('.github/CODEOWNERS');
  expect(at('gitlab', '.gitlab/CODEOWNERS', 'docs/CODEOWNERS')).toBe('docs/CODEOWNERS');
  expect(at('github', 'other/CODEOWNERS', 'docs/CODEOWNERS')).toBe('docs/CODEOWNERS');
  expect(at('github', 'docs/CODEOWNERS', 'CODEOWNERS')).toBe('CODEOWNERS');
  expect(at('gitlab', 'docs/CODEOWNERS', 'CODEOWNERS')).toBe('CODEOWNERS');
  expect(at('gitlab', 'other/CODEOWNERS', '.gitlab/CODEOWNERS')).toBe('.gitlab/CODEOWNERS');
  expect(at('github', 'other/CODEOWNERS')).toBe('other/CODEOWNERS');
  expect(at('github')).toBeUndefined();
});

test('a hostile pattern costs no more than its length times that of the path', () => {
  const pattern = `/${'*a'.repeat(200)}b`;
  expect(owned('github', pattern, 'a'.repeat(5_000))).toBe(false);
  expect(owned('github', `/${'**/a/'.repeat(100)}b`, 'a/'.repeat(500))).toBe(false);
});
