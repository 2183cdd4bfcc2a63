import { compareDigits, compareTexts, isDigits } from './version-parts.ts';

/** Words that come before the release itself, earliest first; `p`, `pl` and `patch` come behind it. */
const BEFORE = ['dev', 'alpha', 'a', 'beta', 'b', 'preview', 'pre', 'rc'];
const BEHIND = ['patch', 'pl', 'p'];
const RELEASE = BEFORE.length;

/**
 * Order of two versions made of numbers and words, as RubyGems, Composer and NuGet have them: numbers by number, a word
 * before nothing (`1.0.rc1` before `1.0`), zeros at the end without meaning.
 */
export function comparePlainVersions(a: string, b: string): number {
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
  return compareTexts(left, right);
}

/** Words before the release, the release, words behind it, numbers. */
function rankOf(token: string | undefined): number {
  if (token === undefined) return RELEASE;
  if (isDigits(token)) return RELEASE + 1 + BEHIND.length + 1;
  const behind = BEHIND.indexOf(token);
  if (behind >= 0) return RELEASE + 1 + behind;
  const before = BEFORE.indexOf(token);
  return before >= 0 ? before : RELEASE - 0.5;
}
