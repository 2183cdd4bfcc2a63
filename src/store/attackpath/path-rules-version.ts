import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareBytes } from '#base/compare.ts';
import { digestOfParts } from '#base/digest.ts';

const RULES = join(import.meta.dirname, '../../domain/attackpath');
const LENGTH = 16;

let version: string | null = null;

/**
 * Names the rules of attack paths: a digest of all code and data that paths are derived by, so that a program with other
 * rules looks for the paths of its organisations anew, and nobody has to think of it.
 */
export function pathRulesVersion(): string {
  version ??= versionOf(RULES);
  return version;
}

/** The same of any folder: of everything in it that is no test. */
export function versionOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !/\.(?:test|test-sample|test-suite)\.ts$/.test(file.name))
    .map((file) => join(file.parentPath, file.name))
    .sort(compareBytes);
  return digestOfParts(
    files.flatMap((file) => [file.slice(folder.length).replaceAll('\\', '/'), readFileSync(file, 'utf8')]),
  ).slice(0, LENGTH);
}
