import type { IssueRow } from '../../../../src/contract/issue.ts';

/** One line of the list: an issue with its number, or the head of the group of what is not admitted. */
export type ListLine =
  | { readonly kind: 'issue'; readonly issue: IssueRow; readonly rank: number | null }
  | { readonly kind: 'waiting'; readonly count: number };

/** An issue that neither a rule nor a person took in. */
export function isAdmitted(issue: IssueRow): boolean {
  return issue.admittedBy.length > 0;
}

/** What follows the inbox on the page of the first report. */
export interface WaitingGroup {
  /** The listing of everything, in the server's order; admitted issues of it are left out here. */
  readonly everything: readonly IssueRow[];
  readonly count: number;
}

/**
 * The lines in the order in which they came; numbers count on through the group, and a row that was
 * muted meanwhile has none.
 */
export function listLines(issues: readonly IssueRow[], group: WaitingGroup | null): ListLine[] {
  const lines: ListLine[] = [];
  let rank = 0;
  const push = (issue: IssueRow) => {
    if (!issue.muted) rank += 1;
    lines.push({ kind: 'issue', issue, rank: issue.muted ? null : rank });
  };
  issues.forEach(push);
  if (group !== null && group.count > 0) {
    lines.push({ kind: 'waiting', count: group.count });
    const above = new Set(issues.map((issue) => issue.id));
    group.everything.filter((issue) => !isAdmitted(issue) && !above.has(issue.id)).forEach(push);
  }
  return lines;
}

/** The issue that lies `by` issues after the one with this id; the first when the id is not listed. */
export function neighbour(lines: readonly ListLine[], id: string | null, by: 1 | -1): IssueRow | null {
  const issues = lines.flatMap((line) => (line.kind === 'issue' ? [line.issue] : []));
  const at = issues.findIndex((issue) => issue.id === id);
  if (at === -1) return issues[0] ?? null;
  return issues[Math.min(Math.max(at + by, 0), issues.length - 1)] ?? null;
}
