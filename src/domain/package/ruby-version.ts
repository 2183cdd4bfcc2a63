import { compareDigits, compareTexts, isDigits } from './version-parts.ts';

const VERSION = /^\d+(?:\.[0-9a-z]+)*(?:-[0-9a-z-]+(?:\.[0-9a-z-]+)*)?$/i;

/**
 * Order of two versions of gems (Gem::Version): numbers by number, words by their letters and before every number, a hyphen is
 * `.pre.`, zeros at the end of the numbers and of the whole without meaning. Null where one of them is none.
 */
export function compareRubyVersions(a: string, b: string): number | null {
  const left = segmentsOf(a.trim());
  const right = segmentsOf(b.trim());
  if (left === null || right === null) return null;
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = compareSegments(left[index] ?? '0', right[index] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

function segmentsOf(version: string): readonly string[] | null {
  if (!VERSION.test(version)) return null;
  const segments = version.replaceAll('-', '.pre.').match(/\d+|[a-z]+/gi) ?? [];
  const word = segments.findIndex((segment) => !isDigits(segment));
  const numbers = word < 0 ? segments : segments.slice(0, word);
  return [...withoutZeros(numbers), ...withoutZeros(word < 0 ? [] : segments.slice(word))];
}

function withoutZeros(segments: readonly string[]): readonly string[] {
  return segments.slice(0, segments.findLastIndex((segment) => !/^0+$/.test(segment)) + 1);
}

function compareSegments(a: string, b: string): number {
  if (isDigits(a) && isDigits(b)) return compareDigits(a, b);
  if (isDigits(a) !== isDigits(b)) return isDigits(a) ? 1 : -1;
  return compareTexts(a, b);
}
