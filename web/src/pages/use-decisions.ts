import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { IssueRow } from '../../../src/contract/issue.ts';
import type { BulkActionBody, IssueActionBody } from '../../../src/contract/issue-action.ts';
import type { Said } from '../features/foot/said.ts';
import { actOnIssue, actOnIssues, addComment, undoAction } from '../shared/api/decision-api.ts';
import { makeTicket, makeTickets, withdrawDeliveries, withdrawDelivery } from '../shared/api/delivery-api.ts';
import { asProblem } from '../shared/api-problem.ts';
import { reloadCounts, reloadInbox, replaceRow } from '../shared/inbox-queries.ts';
import { counted } from '../shared/number-text.ts';
import { decisionSentence, undoneSentence } from './decision-sentence.ts';

/** The part of an issue that a decision needs; a row and a detail both have it. */
export type Decidable = Pick<
  IssueRow,
  'id' | 'title' | 'muted' | 'admittedBy' | 'assignee' | 'team' | 'dueAt' | 'status'
>;

export type Decision = IssueActionBody;

/** Told why a decision is refused, by the form that asked for it. */
export type Refused = (why: string) => void;

/** Which issues many decisions are about, and how many a person saw. */
export type Selection = Pick<BulkActionBody, 'ids' | 'listing'> & { readonly count: number };

/**
 * What a person decides about an issue, and what the foot says afterwards; why it is refused is said by the form that asked
 * for it (`refused`), where there is one. A row stays where it is, one that is muted
 * struck out, until the list is read again; an issue that was taken in or back moves to its place at once.
 */
export function useDecisions() {
  const client = useQueryClient();
  const [said, setSaid] = useState<Said | null>(null);
  const forgetIssues = () => {
    void client.invalidateQueries({ queryKey: ['issue'] });
    void client.invalidateQueries({ queryKey: ['history'] });
    void client.invalidateQueries({ queryKey: ['deliveries'] });
  };
  const failed = (error: unknown, title: string, refused?: Refused) => {
    const { status, title: what, detail } = asProblem(error);
    // What was refused says why by itself.
    const why = `${status < 500 ? '' : `${what}: `}${detail}`;
    if (refused) refused(why);
    else setSaid({ text: `${why} Nothing changed for`, title });
  };
  const undo = useMutation({
    mutationFn: ({ action }: { action: string; sentence: string; title: string }) => undoAction(action),
    onSuccess: ({ kept }, { sentence, title }) => {
      const rest = kept === 0 ? '' : ` (${counted(kept, 'finding')} was decided otherwise since)`;
      setSaid({ text: `${sentence}${rest}:`, title });
      forgetIssues();
      void reloadInbox(client);
    },
    onError: (error, { title }) => failed(error, title),
  });
  const back = (action: string | null, sentence: string, title: string) =>
    action === null ? {} : { undo: () => undo.mutate({ action, sentence, title }) };

  const one = useMutation({
    mutationFn: ({
      issue,
      decision,
    }: {
      issue: Decidable;
      decision: Decision;
      refused?: Refused | undefined;
    }) => actOnIssue(issue.id, decision),
    onSuccess: ({ issue: row, action }, { issue: before, decision }) => {
      setSaid({
        text: action === null ? 'Waits for a second person to agree:' : `${decisionSentence(decision)}:`,
        title: row.title,
        ...back(action, undoneSentence(decision, before), row.title),
      });
      // What is read again does not keep the next decision waiting.
      forgetIssues();
      if (decision.do === 'admit' || decision.do === 'unadmit') {
        void reloadInbox(client);
        return;
      }
      replaceRow(client, row);
      reloadCounts(client).catch(() => reloadInbox(client));
    },
    onError: (error, { issue, refused }) => failed(error, issue.title, refused),
  });
  const many = useMutation({
    mutationFn: ({
      selection,
      decision,
    }: {
      selection: Selection;
      decision: Decision;
      refused?: Refused | undefined;
    }) => {
      const { count, ...which } = selection;
      return actOnIssues({ ...which, expected: count, action: decision });
    },
    onSuccess: ({ matched, changed, action, stopped }, { decision }) => {
      const title = counted(changed, 'issue');
      const rest =
        stopped === null ? '' : `, before it stopped (${stopped}) short of ${matched - changed} more`;
      setSaid({
        text: `${decisionSentence(decision)}${rest}:`,
        title,
        ...back(action, undoneSentence(decision, null), title),
      });
      forgetIssues();
      void reloadInbox(client);
    },
    onError: (error, { selection, refused }) => failed(error, counted(selection.count, 'issue'), refused),
  });
  const comment = useMutation({
    mutationFn: ({ issue, text }: { issue: Decidable; text: string; refused: Refused }) =>
      addComment(issue.id, text),
    onSuccess: (_, { issue }) => {
      setSaid({ text: 'Said about', title: issue.title });
      forgetIssues();
    },
    onError: (error, { issue, refused }) => failed(error, issue.title, refused),
  });
  const withdrawing = useMutation({
    mutationFn: ({ delivery }: { delivery: string; title: string }) => withdrawDelivery(delivery),
    onSuccess: (_, { title }) => {
      setSaid({ text: 'No ticket is made for', title });
      forgetIssues();
    },
    onError: (error, { title }) => failed(error, title),
  });
  const ticket = useMutation({
    mutationFn: ({ issue, receiver }: { issue: Decidable; receiver: string; refused: Refused }) =>
      makeTicket(issue.id, receiver),
    onSuccess: ({ delivery }, { issue: { title }, receiver }) => {
      const { id, key, state } = delivery;
      setSaid({
        text:
          key === null
            ? `A ticket is made in ${receiver} for`
            : `There is a ticket, ${key} in ${receiver}, for`,
        title,
        ...(state === 'waiting' && { undo: () => withdrawing.mutate({ delivery: id, title }) }),
      });
      forgetIssues();
    },
    onError: (error, { issue, refused }) => failed(error, issue.title, refused),
  });
  const withdrawingAll = useMutation({
    mutationFn: ({ deliveries }: { deliveries: readonly string[] }) => withdrawDeliveries(deliveries),
    onSuccess: ({ withdrawn }, { deliveries }) => {
      const made = deliveries.length - withdrawn;
      const rest = made === 0 ? '' : ` (${counted(made, 'ticket')} was there already)`;
      setSaid({ text: `No ticket is made${rest} for`, title: counted(withdrawn, 'issue') });
      forgetIssues();
    },
    onError: (error, { deliveries }) => failed(error, counted(deliveries.length, 'issue')),
  });
  const tickets = useMutation({
    mutationFn: ({ selection, receiver }: { selection: Selection; receiver: string; refused: Refused }) => {
      const { count, ...which } = selection;
      return makeTickets({ ...which, expected: count, receiver });
    },
    onSuccess: ({ wanted, deliveries }, { receiver }) => {
      setSaid({
        text: `A ticket each is made in ${receiver} for`,
        title: counted(wanted, 'issue'),
        ...(deliveries.length > 0 && { undo: () => withdrawingAll.mutate({ deliveries }) }),
      });
      forgetIssues();
    },
    onError: (error, { selection, refused }) => failed(error, counted(selection.count, 'issue'), refused),
  });
  return {
    said,
    decide: one.mutate,
    decideAll: many.mutate,
    comment: comment.mutate,
    ticket: ticket.mutate,
    ticketAll: tickets.mutate,
    isPending: [one, many, comment, ticket, tickets].some(({ isPending }) => isPending),
    clear: () => setSaid(null),
  };
}
