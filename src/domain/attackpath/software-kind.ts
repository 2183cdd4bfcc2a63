import KINDS from './data/software-kinds.json' with { type: 'json' };

/** Kinds of software for which paths have shapes of their own, with words by which images and packages are known. */
const TESTED = Object.entries(KINDS).map(([kind, words]) => ({
  kind,
  pattern: new RegExp(`(?:^|[^a-z])(?:${words.join('|')})(?:[^a-z]|$)`, 'i'),
}));

/** What kind of software one of these names is of; undefined for software like any other. */
export function softwareKind(...names: readonly string[]): string | undefined {
  return TESTED.find(({ pattern }) => names.some((name) => pattern.test(name)))?.kind;
}
