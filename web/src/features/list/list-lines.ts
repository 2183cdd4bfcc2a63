import type { IssueGroup } from '../../../../src/contract/inbox-page.ts';
import type { IssueRow } from '../../../../src/contract/issue.ts';

/** An issue with its number. Its key is its id, but where it stands in several groups. */
export interface IssueLine {
  readonly kind: 'issue';
  readonly key: string;
  readonly issue: IssueRow;
  readonly rank: number | null;
}

/** One line of the list. */
export type ListLine =
  | IssueLine
  /** The head of what is not admitted. */
  | { readonly kind: 'waiting'; readonly key: string; readonly count: number }
  /** The head of a group. */
  | { readonly kind: 'group'; readonly key: string; readonly group: IssueGroup; readonly isFolded: boolean }
  /** How many more issues a group has, from which place on; null: they are being read. */
  | {
      readonly kind: 'more';
      readonly key: string;
      readonly group: IssueGroup;
      readonly left: number;
      readonly from: number | null;
    };

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

const made = new WeakMap<IssueRow, IssueLine>();

/** The line of an issue: the same one as before while nothing about it changed, so that its row is not drawn again. */
function issueLine(issue: IssueRow, key: string, rank: number | null): IssueLine {
  const before = made.get(issue);
  if (before?.key === key && before.rank === rank) return before;
  const line: IssueLine = { kind: 'issue', key, issue, rank };
  made.set(issue, line);
  return line;
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
    lines.push(issueLine(issue, issue.id, issue.muted ? null : rank));
  };
  issues.forEach(push);
  if (group !== null && group.count > 0) {
    lines.push({ kind: 'waiting', key: 'waiting', count: group.count });
    const above = new Set(issues.map((issue) => issue.id));
    group.everything.filter((issue) => !isAdmitted(issue) && !above.has(issue.id)).forEach(push);
  }
  return lines;
}

/**
 * The lines of a list in groups: a head, its first issues with their places in the whole list, and what is left of it.
 * `members` are the issues of the groups that somebody opened, by query; null while they are read.
 */
export function groupLines(
  groups: readonly IssueGroup[],
  folded: ReadonlySet<string>,
  members: ReadonlyMap<string, readonly IssueRow[] | null>,
): ListLine[] {
  return groups.flatMap((group): ListLine[] => {
    const { query } = group;
    const isFolded = folded.has(query);
    const head: ListLine = { kind: 'group', key: `group ${query}`, group, isFolded };
    if (isFolded) return [head];
    const places = new Map(group.first.map(({ issue, place }) => [issue.id, place]));
    const more = members.get(query);
    const shown = more ?? group.first.map(({ issue }) => issue);
    const left = group.issues - shown.length;
    return [
      head,
      ...shown.map(
        (issue): ListLine =>
          issueLine(issue, `${issue.id} ${query}`, issue.muted ? null : (places.get(issue.id) ?? null)),
      ),
      ...(left > 0
        ? [
            {
              kind: 'more' as const,
              key: `more ${query}`,
              group,
              left,
              from: more === undefined ? group.nextPlace : null,
            },
          ]
        : []),
    ];
  });
}

/** The issue that lies `by` issues after the line of this key; the first when it is not listed. */
export function neighbour(lines: readonly ListLine[], key: string | null, by: 1 | -1): IssueLine | null {
  const issues = lines.filter((line) => line.kind === 'issue');
  const at = issues.findIndex((line) => line.key === key);
  if (at === -1) return issues[0] ?? null;
  return issues[Math.min(Math.max(at + by, 0), issues.length - 1)] ?? null;
}
