import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, repositoryFiles, textOf } from './tree.ts';

/** What a lockfile says of one package; `license` is an SPDX expression, absent where the package names none. */
interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
  'Zlib',
]);

/** Licences that are allowed only for the named packages, and why that is safe. */
const EXCEPTIONS: readonly {
  readonly name: RegExp;
  readonly licence: string;
  readonly developmentOnly: boolean;
  readonly why: string;
}[] = [
  {
    name: /^(@axe-core\/playwright|axe-core)$/,
    licence: 'MPL-2.0',
    developmentOnly: true,
    why: 'It checks accessibility in tests, unchanged; nothing of it is shipped.',
  },
  {
    name: /^lightningcss(-.+)?$/,
    licence: 'MPL-2.0',
    developmentOnly: true,
    why: 'It rewrites our own style sheets when the web app is built, unchanged; nothing of it is shipped.',
  },
  {
    name: /^@fontsource-variable\/inter$/,
    licence: 'OFL-1.1',
    developmentOnly: false,
    why: 'A font, shipped unchanged and under its own name, as its licence asks.',
  },
];

/** Whether an SPDX expression leaves us a permissive choice. An expression of another form than A OR B, A AND B is no. */
function isPermissive(licence: string): boolean {
  const bare = licence.replace(/^\((.*)\)$/, '$1');
  if (bare.includes(' OR ')) return bare.split(' OR ').some(isPermissive);
  if (bare.includes(' AND ')) return bare.split(' AND ').every(isPermissive);
  return PERMISSIVE.has(bare);
}

const packages = Object.entries(
  JSON.parse(textOf('package-lock.json')).packages as Record<string, LockedPackage>,
)
  .filter(([, { link }]) => link !== true)
  .map(([path, locked]) => ({
    path,
    name: path.replace(/^.*node_modules\//, ''),
    licence: locked.license ?? 'none',
    development: locked.dev === true,
  }));

const exceptionOf = ({ name, licence, development }: (typeof packages)[number]) =>
  EXCEPTIONS.find(
    (exception) =>
      exception.name.test(name) &&
      exception.licence === licence &&
      (development || !exception.developmentOnly),
  );

describe('licences of packages', () => {
  test('every package of the lockfile, production and development, may be used', () => {
    expect(
      packages
        .filter((locked) => !isPermissive(locked.licence) && exceptionOf(locked) === undefined)
        .map(({ path, licence }) => `${path}: ${licence}`),
      'Choose another package; an exception needs a reason why it is safe.',
    ).toEqual([]);
  });

  test('an installed package says the same as the lockfile', () => {
    const installed = packages.filter(
      ({ path }) => path !== '' && existsSync(join(ROOT, path, 'package.json')),
    );
    expect(installed.length).toBeGreaterThan(100);
    const declared = ({ path }: { readonly path: string }): string => {
      const { license } = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8'));
      return typeof license === 'object' ? license?.type : (license ?? 'none');
    };
    expect(installed.filter((locked) => declared(locked) !== locked.licence).map(({ path }) => path)).toEqual(
      [],
    );
  });

  test('every exception is still needed', () => {
    expect(
      EXCEPTIONS.filter((exception) => !packages.some((locked) => exceptionOf(locked) === exception)),
    ).toEqual([]);
  });

  test.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['MIT AND Apache-2.0', true],
    ['MIT AND LGPL-3.0-only', false],
    ['GPL-3.0-only', false],
    ['AGPL-3.0-or-later', false],
    ['SSPL-1.0', false],
    ['UNLICENSED', false],
    ['SEE LICENSE IN LICENSE.md', false],
    ['none', false],
  ])('%s is permissive: %s', (licence, expected) => {
    expect(isPermissive(licence)).toBe(expected);
  });
});

describe('licences of samples', () => {
  const origins = repositoryFiles().filter((path) => path.endsWith('/ORIGIN.md'));

  test('NOTICE names every repository that a sample comes from', () => {
    const notice = textOf('NOTICE');
    const repositories = origins.flatMap((path) =>
      [...textOf(path).matchAll(/github\.com\/([\w.-]+\/[\w.-]+?)(?=[\s/@`)|,;]|\.(?:\s|$)|$)/gm)].map(
        ([, name]) => name as string,
      ),
    );
    expect([...new Set(repositories)].filter((name) => !notice.includes(`github.com/${name}`))).toEqual([]);
  });

  test('no sample is under a copyleft licence or under none', () => {
    expect(
      origins.flatMap((path) =>
        textOf(path)
          .split('\n')
          .filter((line) => /\b(A?GPL|LGPL|SSPL|none stated)\b/i.test(line))
          .map((line) => `${path}: ${line}`),
      ),
    ).toEqual([]);
  });
});
