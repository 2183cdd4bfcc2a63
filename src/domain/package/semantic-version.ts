import { compareDigits, compareParts, compareTexts, isDigits } from './version-parts.ts';

const VERSION = /^[v=\s]*(\d+(?:\.\d+)*)(?:-([0-9a-z.-]+))?(?:\+[0-9a-z.-]*)?$/i;

/**
 * Order of two versions by semver.org 2.0 (npm, Go, Cargo, Hex, Pub, Swift), read leniently: a `v` in front, fewer or more than
 * three numbers. Null where one of them is none.
 */
export function compareSemanticVersions(a: string, b: string): number | null {
  const left = VERSION.exec(a);
  const right = VERSION.exec(b);
  if (left === null || right === null) return null;
  const release = compareParts(numbersOf(left[1]), numbersOf(right[1]), '0', compareDigits);
  if (release !== 0) return release;
  return comparePrereleases(left[2], right[2]);
}

function numbersOf(text: string | undefined): readonly string[] {
  return (text ?? '').split('.');
}

/** One without a prerelease is later; of two the one with more identifiers is, where all before are equal. */
function comparePrereleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  const left = a.split('.');
  const right = b.split('.');
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compareIdentifiers(left[index] as string, right[index] as string);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers come before words. */
function compareIdentifiers(a: string, b: string): number {
  if (isDigits(a) && isDigits(b)) return compareDigits(a, b);
  if (isDigits(a) !== isDigits(b)) return isDigits(a) ? -1 : 1;
  return compareTexts(a, b);
}
