import { compareDigits, compareTexts, isDigits } from './version-parts.ts';

/** Words that come before the release itself, and those behind it. */
const RANKS: ReadonlyMap<string, number> = new Map([
  ['dev', 0],
  ['alpha', 1],
  ['a', 1],
  ['beta', 2],
  ['b', 2],
  ['rc', 3],
  ['patch', 6],
  ['pl', 6],
  ['p', 6],
]);
const UNKNOWN = 4;
const RELEASE = 5;
const NUMBER = 7;

/**
 * Order of two versions of Composer's packages: numbers by number, a word of stability before nothing (`1.0-RC1` before `1.0`) or
 * behind it (`1.0-p1`), in its long and its short form, zeros at the end without meaning.
 */
export function compareComposerVersions(a: string, b: string): number {
  const [left, right] = [tokensOf(a), tokensOf(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = compareTokens(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function tokensOf(version: string): readonly string[] {
  const text = version
    .trim()
    .toLowerCase()
    .replace(/^v(?=\d)/, '')
    .replace(/\+.*$/s, '');
  const tokens = text.match(/\d+|[a-z]+/g) ?? [];
  // Zeros before a word and at the end: `1.0.0-rc1` is `1-rc1`.
  const kept: string[] = [];
  for (const token of [...tokens, null]) {
    if (token === null || !isDigits(token)) while (/^0+$/.test(kept.at(-1) ?? '')) kept.pop();
    if (token !== null) kept.push(token);
  }
  return kept;
}

function compareTokens(a: string | undefined, b: string | undefined): number {
  const [left, right] = [a ?? '0', b ?? '0'];
  if (isDigits(left) && isDigits(right)) return compareDigits(left, right);
  const order = rankOf(a) - rankOf(b);
  if (order !== 0) return order;
  return rankOf(a) === UNKNOWN ? compareTexts(left, right) : 0;
}

/** Words before the release, the release, words behind it, numbers. */
function rankOf(token: string | undefined): number {
  if (token === undefined) return RELEASE;
  if (isDigits(token)) return NUMBER;
  return RANKS.get(token) ?? UNKNOWN;
}
