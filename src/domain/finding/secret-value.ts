const MASK = /^(?:redacted|\[?redacted\]?|removed|hidden|masked|x+|secret)$/i;

/**
 * The value of a secret as it is hashed: quotes and spaces around it taken off. Null where the report
 * shows no value: a mask (`REDACTED`, `***`, one character repeated, a part behind asterisks) is none
 * (design: identity, secrets).
 */
export function secretValue(reported: string | undefined): string | null {
  if (reported === undefined) return null;
  const value = reported
    .trim()
    .replace(/^(["'`])([\s\S]*)\1$/, '$2')
    .trim();
  if (value.length < 4 || MASK.test(value) || /\*{3,}|\.{3,}|…/.test(value)) return null;
  if (new Set(value).size === 1) return null;
  return value;
}
