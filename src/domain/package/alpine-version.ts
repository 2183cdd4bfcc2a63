import { compareDigits, compareParts, compareTexts } from './version-parts.ts';

const VERSION =
  /^(\d+(?:\.\d+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*)(?:~[0-9a-f]+)?(?:-r(\d+))?$/;
const SUFFIXES = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];

/** Order of two versions of Alpine packages (apk-tools): numbers, a letter, suffixes, the revision. Null where one of them is none. */
export function compareAlpineVersions(a: string, b: string): number | null {
  const left = VERSION.exec(a.trim());
  const right = VERSION.exec(b.trim());
  if (left === null || right === null) return null;
  return (
    compareParts((left[1] ?? '').split('.'), (right[1] ?? '').split('.'), '-1', compareNumbers) ||
    compareTexts(left[2] ?? '', right[2] ?? '') ||
    compareParts(suffixesOf(left[3]), suffixesOf(right[3]), '', compareSuffixes) ||
    compareDigits(left[4] ?? '0', right[4] ?? '0')
  );
}

/** `1.2` is before `1.2.0`; behind a point a number with a zero in front is a fraction: `0.09` is before `0.1`. */
function compareNumbers(a: string, b: string): number {
  if (a === '-1' || b === '-1') return (a === '-1' ? 0 : 1) - (b === '-1' ? 0 : 1);
  return a.startsWith('0') || b.startsWith('0') ? compareTexts(a, b) : compareDigits(a, b);
}

function suffixesOf(text: string | undefined): readonly string[] {
  return (text ?? '').split('_').slice(1);
}

function compareSuffixes(a: string, b: string): number {
  const [left, right] = [wordOf(a), wordOf(b)];
  return (
    SUFFIXES.indexOf(left) - SUFFIXES.indexOf(right) ||
    compareDigits(a.slice(left.length) || '0', b.slice(right.length) || '0')
  );
}

function wordOf(suffix: string): string {
  return /^[a-z]*/.exec(suffix)?.[0] ?? '';
}
