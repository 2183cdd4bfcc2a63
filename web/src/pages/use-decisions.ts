import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { IssueRow } from '../../../src/contract/issue.ts';
import type { IssueActionResult, MuteBody } from '../../../src/contract/issue-action.ts';
import type { Said } from '../features/foot/said.ts';
import { admitIssue, assignIssue, muteIssue, setDueDate, unadmitIssue, unmuteIssue } from '../shared/api.ts';
import { asProblem } from '../shared/api-problem.ts';
import { reloadCounts, reloadInbox, replaceRow } from '../shared/inbox-queries.ts';
import { dayText } from '../shared/time-text.ts';

/** The part of an issue that a decision needs; a row and a detail both have it. */
export type Decidable = Pick<IssueRow, 'id' | 'title' | 'muted' | 'admittedBy' | 'assignee' | 'dueAt'>;

export type Decision =
  | { readonly is: 'mute'; readonly body: MuteBody }
  | { readonly is: 'unmute' | 'take in' | 'take back' }
  | { readonly is: 'assign'; readonly assignee: string | null }
  | { readonly is: 'due'; readonly due: string | null };

/**
 * What a person decides about an issue, and what the foot says afterwards. A row stays where it is, one that is muted
 * struck out, until the list is read again; an issue that was taken in or back moves to its place at once.
 */
export function useDecisions() {
  const client = useQueryClient();
  const [said, setSaid] = useState<Said | null>(null);
  const { mutate, isPending } = useMutation({
    mutationFn: ({ issue, decision }: { issue: Decidable; decision: Decision }) =>
      perform(issue.id, decision),
    onSuccess: ({ issue: row }, { issue: before, decision }) => {
      const back = opposite(decision, before);
      setSaid({
        text: `${sentenceOf(decision)}:`,
        title: row.title,
        ...(back !== null && { undo: () => mutate({ issue: row, decision: back }) }),
      });
      // What is read again does not keep the next decision waiting.
      void client.invalidateQueries({ queryKey: ['issue', row.id] });
      void client.invalidateQueries({ queryKey: ['history', row.id] });
      if (decision.is === 'take in' || decision.is === 'take back') {
        void reloadInbox(client);
        return;
      }
      replaceRow(client, row);
      reloadCounts(client).catch(() => reloadInbox(client));
    },
    onError: (error, { issue }) => {
      const problem = asProblem(error);
      setSaid({ text: `${problem.title}: ${problem.detail} Nothing changed for`, title: issue.title });
    },
  });
  return { said, decide: mutate, isPending, clear: () => setSaid(null) };
}

function perform(id: string, decision: Decision): Promise<IssueActionResult> {
  switch (decision.is) {
    case 'mute':
      return muteIssue(id, decision.body);
    case 'unmute':
      return unmuteIssue(id);
    case 'take in':
      return admitIssue(id, {});
    case 'take back':
      return unadmitIssue(id);
    case 'assign':
      return assignIssue(id, decision.assignee);
    case 'due':
      return setDueDate(id, decision.due);
  }
}

function sentenceOf(decision: Decision): string {
  switch (decision.is) {
    case 'mute': {
      const { reason, until } = decision.body;
      return `Muted${until === undefined ? '' : ` until ${dayText(until)}`}, ${reason}`;
    }
    case 'unmute':
      return 'Unmuted';
    case 'take in':
      return 'Taken in by hand';
    case 'take back':
      return 'No longer taken in by hand';
    case 'assign':
      return decision.assignee === null ? 'Assigned to nobody' : `Assigned to ${decision.assignee}`;
    case 'due':
      return decision.due === null ? 'Without a due date' : `Due on ${dayText(decision.due)}`;
  }
}

/** What takes a decision back; null: nothing does, as what was before is not known. */
function opposite(decision: Decision, before: Decidable): Decision | null {
  switch (decision.is) {
    case 'mute':
      return { is: 'unmute' };
    case 'unmute':
      return null;
    case 'take in':
      return { is: 'take back' };
    case 'take back':
      return { is: 'take in' };
    case 'assign':
      return { is: 'assign', assignee: before.assignee };
    case 'due':
      return { is: 'due', due: before.dueAt };
  }
}
