import type { IssueRow } from '../../../../src/contract/issue.ts';

/** Where the open issue stands in the list. */
export interface PanelPlace {
  /** "3 of 128"; null: the issue is not in the rows that are loaded. */
  readonly text: string | null;
  /** The issue below in the list, to say what sets the two apart. */
  readonly below: { readonly issue: IssueRow; readonly rank: number } | null;
}
