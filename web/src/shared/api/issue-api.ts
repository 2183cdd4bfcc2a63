import { type IssueAbove, issueAboveSchema } from '../../../../src/contract/issue-above.ts';
import { type IssueDetail, issueDetailSchema } from '../../../../src/contract/issue-detail.ts';
import { type IssueHistory, issueHistorySchema } from '../../../../src/contract/issue-history.ts';
import { readAs } from './call-api.ts';
import { issuePath } from './issue-path.ts';

export function getIssue(id: string, signal: AbortSignal): Promise<IssueDetail> {
  return readAs(issueDetailSchema, issuePath(id), { signal });
}

/** Why the issue `id` stands above, or not above, the issue `other`. */
export function getAbove(id: string, other: string, signal: AbortSignal): Promise<IssueAbove> {
  return readAs(issueAboveSchema, `${issuePath(id)}/above/${encodeURIComponent(other)}`, { signal });
}

/** What people decided about an issue, newest first. */
export function getHistory(id: string, signal: AbortSignal): Promise<IssueHistory> {
  return readAs(issueHistorySchema, `${issuePath(id)}/history`, { signal });
}
