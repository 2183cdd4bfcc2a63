import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { IssueRow } from '../../../src/contract/issue.ts';
import type { MuteBody } from '../../../src/contract/issue-action.ts';
import type { Said } from '../features/foot/said.ts';
import { admitIssue, muteIssue, unmuteIssue } from '../shared/api.ts';
import { asProblem } from '../shared/api-problem.ts';
import { reloadCounts, reloadInbox, replaceRow } from '../shared/inbox-queries.ts';
import { dayText } from '../shared/time-text.ts';

/** The part of an issue that a decision needs; a row and a detail both have it. */
export type Decidable = Pick<IssueRow, 'id' | 'title' | 'muted' | 'admittedBy'>;

/**
 * What a person decides about an issue, and what the foot says afterwards. A muted row stays where it
 * is, struck out, until the list is read again; an issue that was taken in moves to its rank at once.
 */
export function useDecisions() {
  const client = useQueryClient();
  const [said, setSaid] = useState<Said | null>(null);
  const failed = (error: unknown, title: string) => {
    const problem = asProblem(error);
    setSaid({ text: `${problem.title}: ${problem.detail} Nothing changed for`, title });
  };
  const settle = (row: IssueRow) => {
    replaceRow(client, row);
    return Promise.all([client.invalidateQueries({ queryKey: ['issue', row.id] }), reloadCounts(client)]);
  };

  const unmute = useMutation({
    mutationFn: (issue: Decidable) => unmuteIssue(issue.id),
    onSuccess: ({ issue }) => {
      setSaid({ text: 'Unmuted:', title: issue.title });
      return settle(issue);
    },
    onError: (error, issue) => failed(error, issue.title),
  });
  const mute = useMutation({
    mutationFn: ({ issue, body }: { issue: Decidable; body: MuteBody }) => muteIssue(issue.id, body),
    onSuccess: ({ issue }, { body }) => {
      setSaid({
        text: `Muted${body.until === undefined ? '' : ` until ${dayText(body.until)}`}, ${body.reason}:`,
        title: issue.title,
        undo: () => unmute.mutate(issue),
      });
      return settle(issue);
    },
    onError: (error, { issue }) => failed(error, issue.title),
  });
  const takeIn = useMutation({
    mutationFn: (issue: Decidable) => admitIssue(issue.id, {}),
    onSuccess: ({ issue }) => {
      setSaid({ text: 'Taken in by hand:', title: issue.title });
      return Promise.all([reloadInbox(client), client.invalidateQueries({ queryKey: ['issue', issue.id] })]);
    },
    onError: (error, issue) => failed(error, issue.title),
  });

  return { said, mute, unmute, takeIn, clear: () => setSaid(null) };
}
