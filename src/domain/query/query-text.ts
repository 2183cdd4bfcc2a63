import { type QueryPlace, queryError } from './query-error.ts';

/** A word or phrase as it stands in a query. */
export interface QueryText extends QueryPlace {
  /** What it says; anything stands between two parts. A phrase in quotes has one part. */
  readonly parts: readonly string[];
  readonly isQuoted: boolean;
}

const SPACE = /\s/;
const ALPHANUMERIC = /[\p{L}\p{N}]/u;

/** Reads the phrase whose first quote is at `from`. Inside, `\"` and `\\` are a quote and a backslash. */
export function readPhrase(text: string, from: number): QueryText {
  let said = '';
  for (let at = from + 1; at < text.length; at++) {
    const sign = text[at] as string;
    if (sign === '"') return { parts: [said], isQuoted: true, from, to: at + 1 };
    const next = text[at + 1];
    if (sign === '\\' && (next === '"' || next === '\\')) {
      said += next;
      at++;
    } else said += sign;
  }
  throw queryError('A quote in the query is not closed. Close it, or leave it out.', {
    from,
    to: text.length,
  });
}

/**
 * Reads the word that begins at `from`: up to a space, a quote, a bracket that closes none of its own, or one of
 * `ends`. An asterisk stands for anything; a backslash takes the meaning from the sign after it, but stands for
 * itself before a letter or digit.
 */
export function readWord(text: string, from: number, ends: string): QueryText {
  const parts = [''];
  const add = (sign: string) => {
    parts[parts.length - 1] += sign;
  };
  let open = 0;
  let at = from;
  for (; at < text.length; at++) {
    const sign = text[at] as string;
    const next = text[at + 1];
    if (sign === '\\' && next !== undefined && !ALPHANUMERIC.test(next)) {
      add(next);
      at++;
      continue;
    }
    if (SPACE.test(sign) || sign === '"' || ends.includes(sign)) break;
    if (sign === '(') {
      if (isOperator(text.slice(from, at))) break;
      open++;
    }
    if (sign === ')' && --open < 0) break;
    if (sign !== '*') add(sign);
    else if (parts.length === 1 || parts.at(-1) !== '') parts.push('');
  }
  return { parts, isQuoted: false, from, to: at };
}

/** Whether it joins conditions and is no word to search for. */
function isOperator(word: string): boolean {
  return word === 'AND' || word === 'OR' || word === 'NOT';
}

/** It in a text of the language; `isValue` where it stands behind a field. */
export function writtenText(parts: readonly string[], isValue: boolean): string {
  if (parts.length > 1) return parts.map((part) => part.replace(SPECIAL, '\\$&')).join('*');
  const [text = ''] = parts;
  const isPlain = (isValue ? PLAIN_VALUE : PLAIN_WORD).test(text) && !isOperator(text);
  return isPlain ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

const SPECIAL = /[\s!-,:-?[-^`{-~-]/g;
const PLAIN_WORD = /^[\p{L}\p{N}_./@][\p{L}\p{N}_./@-]*$/u;
const PLAIN_VALUE = /^[\p{L}\p{N}_./@][\p{L}\p{N}_./@:|-]*$/u;
