const TECHNIQUE = /^T\d{4}(?:\.\d{3})?$/;

/** Those of the texts that are techniques of ATT&CK, in its spelling. */
export function asTechniques(texts: readonly string[]): readonly string[] {
  return texts
    .map((text) => text.trim().toUpperCase().replace('_', '.'))
    .filter((text) => TECHNIQUE.test(text))
    .slice(0, 20);
}
