import { InboxError } from '#base/inbox-error.ts';
import type { IssueRow } from '#domain/ports/inbox-store.ts';

/** The row that a decision left. Throws `not_found` where there was nothing to decide about. */
export function decidedIssue(id: string, row: IssueRow | null): IssueRow {
  if (row === null)
    throw new InboxError('not_found', `There is no issue ${id}. The command "list" prints the ids.`);
  return row;
}
