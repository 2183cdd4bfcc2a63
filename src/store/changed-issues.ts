import { ROLLED_COLUMNS, type RolledColumns, type RolledIssue, RULED_COLUMNS } from './rolled-columns.ts';
import type { StoredIssue } from './stored-issues.ts';

/** Those of these issues that are not stored as they are. */
interface ChangedIssues {
  /** Of which nothing but what rules and decisions change is another. */
  readonly ruled: readonly RolledIssue[];
  readonly others: readonly RolledIssue[];
  /** The ids of those that are called otherwise. */
  readonly retitled: ReadonlySet<string>;
}

/** Compares issues as they were assessed with how they are stored. */
export function changedIssues(
  issues: readonly RolledIssue[],
  stored: ReadonlyMap<string, StoredIssue>,
): ChangedIssues {
  const retitled = new Set<string>();
  const ruled: RolledIssue[] = [];
  const others: RolledIssue[] = [];
  for (const issue of issues) {
    const before = stored.get(issue.id);
    if (before?.title !== issue.title) retitled.add(issue.id);
    if (
      before === undefined ||
      before.is_mended_otherwise ||
      issue.first_seen < before.first_seen ||
      OTHER_COLUMNS.some((column) => !isSame(column, before[column], issue[column]))
    )
      others.push(issue);
    else if (RULED_COLUMNS.some((column) => !isSame(column, before[column], issue[column])))
      ruled.push(issue);
  }
  return { ruled, others, retitled };
}

const OTHER_COLUMNS = ROLLED_COLUMNS.filter(
  (column) => !(RULED_COLUMNS as readonly string[]).includes(column),
);

/** Whether an issue would be another one to whoever reads it: in all but when it is to be looked at again. */
export function readsOtherwise(before: RolledColumns, after: RolledColumns): boolean {
  return READ_COLUMNS.some((column) => !isSame(column, before[column], after[column]));
}

const READ_COLUMNS = ROLLED_COLUMNS.filter((column) => column !== 'valid_until');

function isSame(column: keyof RolledColumns, a: unknown, b: unknown): boolean {
  // The column keeps single precision.
  if (column === 'score') return Math.fround(a as number) === Math.fround(b as number);
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
