const MOST_LINES = 40;
const LONGEST_LABEL = 32;

/**
 * The `Label: value` lines of texts as a map by label in lower case; the first line with a label counts.
 * Trivy and Grype write so what SARIF has no field for.
 */
export function labelledLines(...texts: readonly (string | undefined)[]): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  for (const text of texts) {
    for (const line of (text ?? '').split('\n', MOST_LINES)) {
      const colon = line.indexOf(':');
      if (colon <= 0 || colon > LONGEST_LABEL) continue;
      const label = line.slice(0, colon).trim().toLowerCase();
      if (!lines.has(label)) lines.set(label, line.slice(colon + 1).trim());
    }
  }
  return lines;
}
