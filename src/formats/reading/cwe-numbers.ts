/** Numbers of the weaknesses that texts such as `external/cwe/cwe-079` or `CWE-601: URL Redirection` name, ascending. */
export function cwesOf(texts: readonly string[]): readonly number[] {
  const numbers = new Set<number>();
  for (const text of texts) {
    const match = /(?:^|[^a-z])cwe[-_: ]?0*(\d{1,5})(?!\d)/i.exec(text.slice(0, 200));
    if (match !== null && Number(match[1]) > 0) numbers.add(Number(match[1]));
  }
  return [...numbers].sort((a, b) => a - b);
}
