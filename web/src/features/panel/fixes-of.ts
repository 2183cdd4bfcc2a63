import type { Finding } from '../../../../src/contract/issue-detail.ts';

/** One way to fix, and how many open findings it is for. */
export interface Fix {
  readonly text: string;
  readonly findings: number;
}

/** The fixes of the open findings, each text once, what fixes most first, else as they came. */
export function fixesOf(findings: readonly Finding[]): Fix[] {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    if (finding.state !== 'open' || finding.fix === null) continue;
    counts.set(finding.fix, (counts.get(finding.fix) ?? 0) + 1);
  }
  return [...counts]
    .map(([text, count]) => ({ text, findings: count }))
    .sort((a, b) => b.findings - a.findings);
}
