import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { foldersIn, ROOT, repositoryFiles, textOf } from './tree.ts';

const SIZE_MAX = 2 * 1024 * 1024;
const EXACT = /^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.-]+)?$/;

const manifest = JSON.parse(textOf('package.json'));

describe('the repository', () => {
  test('is under Apache-2.0, its whole text', () => {
    const licence = textOf('LICENSE');
    expect(licence).toContain('Apache License\n                           Version 2.0, January 2004');
    expect(licence).toContain('9. Accepting Warranty or Additional Liability.');
    expect(licence).toMatch(/^ {3}Copyright \d{4} Security Inbox authors$/m);
    expect(manifest.license).toBe('Apache-2.0');
  });

  test('holds no file over 2 MiB', () => {
    expect(repositoryFiles().filter((path) => statSync(join(ROOT, path)).size > SIZE_MAX)).toEqual([]);
  });

  test.each(['package.json', 'web/package.json'])('%s pins every package exactly', (path) => {
    const { dependencies, devDependencies, optionalDependencies, overrides } = JSON.parse(textOf(path));
    expect(
      Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies, ...overrides }).filter(
        ([, version]) => !EXACT.test(String(version)),
      ),
    ).toEqual([]);
  });

  test('has one alias for each folder of src, and one for what reads the environment', () => {
    expect(manifest.imports).toEqual({
      ...Object.fromEntries(foldersIn('src').map((folder) => [`#${folder}/*`, `./src/${folder}/*`])),
      '#config': './src/config.ts',
    });
  });

  test('runs no script of its own at install time', () => {
    expect(
      Object.keys(manifest.scripts).filter((name) => /^(pre|post)|^(install|prepare)$/.test(name)),
    ).toEqual([]);
  });
});
