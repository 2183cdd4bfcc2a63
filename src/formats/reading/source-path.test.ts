import { expect, test } from 'vitest';
import { pathRoots, sourcePath } from './source-path.ts';

const NONE = pathRoots({}, undefined, [], null);

test.each([
  ['src/a.ts', 'src/a.ts'],
  ['./src/a.ts', 'src/a.ts'],
  ['src\\win\\a.cs', 'src/win/a.cs'],
  ['src/my%20file.ts', 'src/my file.ts'],
  ['100%/a.ts', '100%/a.ts'],
  ['file:///src/index.js', '/src/index.js'],
  ['file:/src/index.js', '/src/index.js'],
  ['file:///c:/code/file1.c', 'C:/code/file1.c'],
  ['file://build.example.com/build/a.c', '/build/a.c'],
  ['https://shop.example.org/login', 'https://shop.example.org/login'],
  ['%2e%2e/%2e%2e/x', '../../x'],
  ['', ''],
])('without roots %j is %j', (uri, path) => {
  expect(sourcePath(uri, undefined, NONE)).toBe(path);
});

const BASES = {
  PROJECT: { uri: 'file:///build/shop/' },
  SRC: { uri: ' src/', uriBaseId: 'PROJECT' },
  TOP: { uri: 'file:///' },
  NAMED: {},
  LOOP: { uri: 'x/', uriBaseId: 'LOOP' },
};

test.each([
  ['a base with a directory is taken off', 'a.c', 'PROJECT', 'a.c'],
  ['what lies between base and root stays', 'a.c', 'SRC', 'src/a.c'],
  ['an absolute path below a base', 'file:///build/shop/src/a.c', undefined, 'src/a.c'],
  ['an absolute path elsewhere stays absolute', '/usr/include/a.h', undefined, '/usr/include/a.h'],
  ['the top of the file system is no root', '/a.c', 'TOP', '/a.c'],
  ['a base without a directory', 'a.c', 'NAMED', 'a.c'],
  ['a base that the run does not describe', 'a.c', '%SRCROOT%', 'a.c'],
  ['a key of every object is no base', 'a.c', 'constructor', 'a.c'],
])('%s', (_, uri, base, path) => {
  expect(sourcePath(uri, base, pathRoots(BASES, undefined, [], null))).toBe(path);
});

test('the base that the repository is mapped to is the root, also above other bases', () => {
  const roots = pathRoots(BASES, 'PROJECT', [], null);
  expect(sourcePath('a.c', 'SRC', roots)).toBe('src/a.c');
  expect(sourcePath('src/a.c', 'PROJECT', roots)).toBe('src/a.c');
  expect(sourcePath('file:///build/shop/b.c', undefined, roots)).toBe('b.c');
});

test('a base of its own directory inside the repository counts from the repository', () => {
  const roots = pathRoots(
    { REPO: { uri: 'file:///w/repo/' }, GEN: { uri: 'file:///w/repo/gen/' } },
    'REPO',
    [],
    null,
  );
  expect(sourcePath('a.c', 'GEN', roots)).toBe('gen/a.c');
});

test('the working directory, then the root that a person gives, are taken off absolute paths', () => {
  expect(
    sourcePath(
      'file:///home/ci/dd/docker/a.sh',
      undefined,
      pathRoots({}, undefined, ['file:///home/ci/dd'], null),
    ),
  ).toBe('docker/a.sh');
  expect(sourcePath('/builds/dd/a.sh', undefined, pathRoots({}, undefined, [], '/builds/dd'))).toBe('a.sh');
  expect(sourcePath('/builds/dd-other/a.sh', undefined, pathRoots({}, undefined, [], '/builds/dd'))).toBe(
    '/builds/dd-other/a.sh',
  );
});

test('a base that refers to itself ends', () => {
  expect(sourcePath('a.c', 'LOOP', pathRoots(BASES, undefined, [], null))).toContain('a.c');
});
