import { type AcceptanceList, acceptanceListSchema } from '../../../../src/contract/acceptance.ts';
import { type IssueActionResult, issueActionResultSchema } from '../../../../src/contract/issue-action.ts';
import { post, readAs } from './call-api.ts';

/** Risks that somebody wants to accept and nobody agreed to yet. */
export function getAcceptances(signal: AbortSignal): Promise<AcceptanceList> {
  return readAs(acceptanceListSchema, '/acceptances', { signal });
}

export function decideAcceptance(id: string, isApproved: boolean): Promise<IssueActionResult> {
  const verb = isApproved ? 'approve' : 'decline';
  return readAs(issueActionResultSchema, `/acceptances/${encodeURIComponent(id)}/${verb}`, post({}));
}
