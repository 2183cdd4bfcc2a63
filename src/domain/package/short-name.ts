const LONGEST_NAME = 100;

/**
 * A name from a report in the spelling that stands in a provider: `a` to `z`, digits, `.`, `_` and `-`, first a
 * letter or digit, at most 100 characters. Empty where nothing of the kind is left.
 */
export function shortName(text: string): string {
  return text
    .slice(0, LONGEST_NAME)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '');
}
