import { matchesGlob } from '../aws-policy-statement.ts';
import type { Question } from './caller.ts';
import { keyState, TIMES } from './condition-key.ts';

/** Stand for a star and a question mark that mean themselves, within a pattern. */
const STAR = '\ue000';
const MARK = '\ue001';

/** A pattern or value of a policy with its variables filled in. */
export interface Resolved {
  readonly pattern: string;
  /** A variable whose value nobody knows stands in it as `*`. */
  readonly isOpen: boolean;
}

const VARIABLE = /\$\{([^}]*)\}/g;
const DEFAULT = /^([^,]*?)\s*,\s*'([^']*)'\s*$/;

/**
 * Fills in policy variables (attack-paths §3.1): null when one of them is known to be absent and has no default,
 * because then it never matches.
 */
export function resolveVariables(written: string, question: Question): Resolved | null {
  if (!written.includes('${')) return { pattern: written, isOpen: false };
  let isOpen = false;
  let isAbsent = false;
  const pattern = written.replace(VARIABLE, (_, inner: string) => {
    if (inner === '*') return STAR;
    if (inner === '?') return MARK;
    if (inner === '$') return '$';
    const [, name, fallback] = DEFAULT.exec(inner) ?? [undefined, inner, undefined];
    const key = (name as string).trim().toLowerCase();
    const state = keyState(key, question);
    // What turns with every second is no text that one could hold.
    if (typeof state === 'string' || (TIMES.has(key) && !question.request.has(key))) {
      isOpen = true;
      return '*';
    }
    const value = state?.length === 1 ? state[0] : fallback;
    if (value === undefined) isAbsent = true;
    return value === undefined ? '' : literal(value);
  });
  return isAbsent ? null : { pattern, isOpen };
}

/** A value in which no character is a wildcard. */
function literal(value: string): string {
  return value.replaceAll('*', STAR).replaceAll('?', MARK);
}

/** A glob over a text, in which stars that mean themselves are possible. */
export function matchesPattern(pattern: string, text: string): boolean {
  return pattern.includes(STAR) || pattern.includes(MARK)
    ? matchesGlob(pattern, literal(text))
    : matchesGlob(pattern, text);
}

/** The pattern as a text that holds no wildcards: what is compared, and not matched. */
export function plainText(pattern: string): string {
  return pattern.replaceAll(STAR, '*').replaceAll(MARK, '?');
}
