import { compareAlpineVersions } from './alpine-version.ts';
import { compareComposerVersions } from './composer-version.ts';
import { compareDebianVersions } from './debian-version.ts';
import { compareMavenVersions } from './maven-version.ts';
import { comparePythonVersions } from './python-version.ts';
import { compareRpmVersions } from './rpm-version.ts';
import { compareRubyVersions } from './ruby-version.ts';
import { compareSemanticVersions } from './semantic-version.ts';

/** Longer ones are no versions. */
const LENGTH_MAX = 200;

const ORDERS: ReadonlyMap<string, (a: string, b: string) => number | null> = new Map([
  ...['npm', 'golang', 'cargo', 'hex', 'pub', 'swift', 'github'].map(
    (type) => [type, compareSemanticVersions] as const,
  ),
  ['pypi', comparePythonVersions],
  ['maven', compareMavenVersions],
  ['gem', compareRubyVersions],
  ['composer', compareComposerVersions],
  // SemVer with up to four numbers, and words in whatever case.
  ['nuget', (a, b) => compareSemanticVersions(a.toLowerCase(), b.toLowerCase())],
  ['deb', compareDebianVersions],
  ['rpm', compareRpmVersions],
  ['apk', compareAlpineVersions],
]);

/**
 * Order of two versions of packages of one type (of package URLs): less than, equal to or more than 0. Null where it is not
 * known: a type whose order nobody told, or a text that is no version there.
 */
export function compareVersions(type: string, a: string, b: string): number | null {
  if (a.length > LENGTH_MAX || b.length > LENGTH_MAX || a === '' || b === '') return null;
  return ORDERS.get(type)?.(a, b) ?? null;
}
