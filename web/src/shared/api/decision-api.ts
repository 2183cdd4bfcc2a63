import {
  assigneesSchema,
  type BulkActionBody,
  type BulkActionResult,
  bulkActionResultSchema,
  commentResultSchema,
  type IssueActionBody,
  type IssueActionResult,
  issueActionResultSchema,
  undoneActionSchema,
} from '../../../../src/contract/issue-action.ts';
import { post, postSlowly, readAs } from './call-api.ts';
import { issuePath } from './issue-path.ts';

/** Does one thing to one issue. */
export function actOnIssue(id: string, { do: verb, ...body }: IssueActionBody): Promise<IssueActionResult> {
  return readAs(issueActionResultSchema, `${issuePath(id)}/${verb}`, post(body));
}

/** Does one thing to many issues, or counts them. */
export function actOnIssues(body: BulkActionBody): Promise<BulkActionResult> {
  return readAs(bulkActionResultSchema, '/issues/actions', postSlowly(body));
}

/** Takes back what an action decided. */
export function undoAction(action: string): Promise<{ readonly issues: number; readonly kept: number }> {
  return readAs(undoneActionSchema, `/actions/${encodeURIComponent(action)}/undo`, postSlowly({}));
}

export function addComment(id: string, text: string): Promise<{ readonly id: string }> {
  return readAs(commentResultSchema, `${issuePath(id)}/comments`, post({ text }));
}

/** The names of those to whom an issue can be assigned. */
export function getAssignees(signal: AbortSignal): Promise<{ readonly items: readonly string[] }> {
  return readAs(assigneesSchema, '/assignees', { signal });
}
