import { compareDigits, compareParts, compareTexts, isDigits } from './version-parts.ts';

const VERSION =
  /^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/i;

const PHASES: ReadonlyMap<string, number> = new Map([
  ['a', 1],
  ['alpha', 1],
  ['b', 2],
  ['beta', 2],
  ['c', 3],
  ['rc', 3],
  ['pre', 3],
  ['preview', 3],
]);
/** A final release is behind its candidates; one of development alone is before all of them. */
const FINAL = 4;
const DEVELOPMENT = 0;

/** Order of two versions of Python packages (PEP 440). Null where one of them is none. */
export function comparePythonVersions(a: string, b: string): number | null {
  const left = keyOf(a);
  const right = keyOf(b);
  if (left === null || right === null) return null;
  return (
    compareDigits(left.epoch, right.epoch) ||
    compareParts(left.release, right.release, '0', compareDigits) ||
    left.phase - right.phase ||
    compareDigits(left.number, right.number) ||
    compareDigits(left.post, right.post) ||
    compareDigits(left.development, right.development) ||
    compareLocal(left.local, right.local)
  );
}

function keyOf(text: string) {
  const match = text.length > 200 ? null : VERSION.exec(text);
  if (match === null) return null;
  const [
    ,
    epoch = '0',
    release = '0',
    phase,
    number,
    bare,
    post,
    postNumber,
    development,
    developmentNumber,
  ] = match;
  const isPost = bare !== undefined || post !== undefined;
  return {
    epoch,
    release: release.split('.'),
    phase:
      phase !== undefined
        ? (PHASES.get(phase.toLowerCase()) as number)
        : development !== undefined && !isPost
          ? DEVELOPMENT
          : FINAL,
    number: number || '0',
    // Behind the release itself: one more than its number, and 0 for none.
    post: isPost ? `1${(bare ?? (postNumber || '0')).padStart(20, '0')}` : '0',
    // Before it: the largest number stands for none.
    development: development === undefined ? '9'.repeat(21) : developmentNumber || '0',
    local: (match[10] ?? '').toLowerCase().split(/[-_.]/),
  };
}

/** Numbers are later than words; one without a local label is first. */
function compareLocal(a: readonly string[], b: readonly string[]): number {
  return compareParts(a, b, '', (left, right) => {
    if (isDigits(left) && isDigits(right)) return compareDigits(left, right);
    if (isDigits(left) !== isDigits(right)) return isDigits(left) ? 1 : -1;
    return compareTexts(left, right);
  });
}
