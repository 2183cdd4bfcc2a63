import { compareDigits, compareTexts, isDigits } from './version-parts.ts';

const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const SHORT: ReadonlyMap<string, string> = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
  ['cr', 'rc'],
  ['ga', ''],
  ['final', ''],
  ['release', ''],
]);

/** One part of a version: a number or a word, and what stands before it. */
interface Token {
  readonly separator: '-' | '.';
  readonly text: string;
}

/** Order of two versions as Maven compares them (POM reference, version order). */
export function compareMavenVersions(a: string, b: string): number {
  const left = tokensOf(a);
  const right = tokensOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = compareTokens(left[index] ?? pad(right[index]), right[index] ?? pad(left[index]));
    if (order !== 0) return order;
  }
  return 0;
}

/** What stands for a part that is not there: as if the shorter one went on with nothing. */
function pad(other: Token | undefined): Token {
  const separator = other?.separator ?? '.';
  return { separator, text: other !== undefined && isDigits(other.text) ? '0' : '' };
}

function tokensOf(version: string): readonly Token[] {
  const tokens: Token[] = [];
  // A change from digits to letters is a dash.
  const parts = version.toLowerCase().matchAll(/([-._]?)(\d+|[^\d\-._]+)/g);
  for (const [, mark, text = ''] of parts) {
    const separator = tokens.length > 0 && (mark === '-' || mark === '') ? '-' : '.';
    tokens.push({ separator, text });
  }
  const words = tokens.map((token, index) => {
    const isBeforeNumber = tokens[index + 1]?.separator === '-' && isDigits(tokens[index + 1]?.text ?? '');
    const isLetter = /^[abm]$/.test(token.text);
    return isDigits(token.text) || (isLetter && !isBeforeNumber)
      ? token
      : { ...token, text: SHORT.get(token.text) ?? token.text };
  });
  return withoutEnds(words);
}

/** Zeros and empty words before a dash, and at the end, mean nothing. */
function withoutEnds(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  for (const token of [...tokens, null]) {
    if (token === null || token.separator === '-')
      while (kept.length > 0 && /^0*$/.test((kept.at(-1) as Token).text)) kept.pop();
    if (token !== null) kept.push(token);
  }
  return kept;
}

/** ".word" is before "-word", that is before "-number", that is before ".number". */
function compareTokens(a: Token, b: Token): number {
  const [left, right] = [isDigits(a.text), isDigits(b.text)];
  if (left && right)
    return a.separator === b.separator ? compareDigits(a.text, b.text) : a.separator === '-' ? -1 : 1;
  if (left !== right) return left ? 1 : -1;
  return compareQualifiers(a.text, b.text);
}

function compareQualifiers(a: string, b: string): number {
  const [left, right] = [QUALIFIERS.indexOf(a), QUALIFIERS.indexOf(b)];
  if (left >= 0 && right >= 0) return left - right;
  if (left < 0 && right < 0) return compareTexts(a, b);
  return left < 0 ? 1 : -1;
}
