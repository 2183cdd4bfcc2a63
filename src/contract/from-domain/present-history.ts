import { type Instant, instantText, instantTextOrNull } from '#base/instant.ts';
import { counted } from '#base/text.ts';
import type { IssueDecision, IssueDelivery, IssueEvent } from '#domain/ports/inbox-store.ts';
import type { IssueHistory } from '../issue-history.ts';

export function presentHistory(events: readonly IssueEvent[]): IssueHistory {
  return {
    items: events.map(({ at, actor, what, changes }) => ({
      at: instantText(at),
      by: actor,
      sentence: sentenceOf(what, actor),
      changes: changes.map((change) => ({ ...change })),
      comment:
        what.kind === 'comment' && what.said !== null
          ? { id: what.comment, text: what.said, editedAt: instantTextOrNull(what.editedAt) }
          : null,
    })),
  };
}

function sentenceOf(decision: IssueEvent['what'], actor: string): string {
  switch (decision.kind) {
    case 'mute': {
      if (!decision.isMuted) return 'unmuted it';
      const end = decision.until === null ? '' : ` until ${dayOf(decision.until)}`;
      const accepted = decision.because === 'risk_accepted' ? 'accepted its risk and ' : '';
      return `${accepted}muted it${end}${because(decision.reason)}`;
    }
    case 'admit':
      return decision.isAdmitted
        ? `took it in by hand${because(decision.reason)}`
        : 'took back that it was taken in by hand';
    case 'progress':
      return decision.isStarted ? 'began to work on it' : 'works on it no longer';
    case 'snooze': {
      if (!decision.isSnoozed) return 'woke it';
      const ends = [
        ...(decision.until === null ? [] : [dayOf(decision.until)]),
        ...(decision.untilWorse ? ['it gets worse'] : []),
      ];
      return `snoozed it until ${ends.join(' or ')}`;
    }
    case 'wake':
      return `woke it because ${decision.reasons.join(', and ')}`;
    case 'inherit':
      return `took over what was decided about ${decision.from.length === 1 ? 'a path that was' : 'paths that were'} here before: ${decision.from.join(', ')}`;
    case 'mute-ended':
      return 'unmuted it, as its mute ran out';
    case 'overdue':
      return `found it overdue since ${dayOf(decision.due)}`;
    case 'undo':
      return `took back what was decided: ${UNDONE[decision.of]}`;
    case 'comment':
      return decision.said === null ? 'said something that was deleted' : 'said';
    case 'comment-edited':
      return 'changed what they had said';
    case 'comment-deleted':
      return `deleted what ${decision.author} had said`;
    case 'ask-acceptance':
      return `asked to accept its risk until ${dayOf(decision.until)}${because(decision.reason)}`;
    case 'accept':
      return `agreed to accept its risk, as ${decision.askedBy} asked`;
    case 'decline':
      return decision.askedBy === actor
        ? 'asks no longer to accept its risk'
        : `declined to accept its risk, as ${decision.askedBy} asked`;
    case 'delivery':
      return deliverySentence(decision);
    case 'severity-by-feed':
      return `gave it another severity, as the feed ${decision.feed} was read`;
    case 'rate': {
      const how = decision.severity === null ? 'by a vector' : decision.severity;
      return `rated its advisory ${how}${because(decision.reason)}`;
    }
    case 'unrate':
      return 'left the rating of its advisory to its sources again';
    case 'rule':
      return `${decision.isNew ? 'added' : 'changed'} the rule ${decision.rule}, which acts on it`;
    case 'found':
      return `showed ${findingsOn(decision)} for the first time`;
    case 'closed':
      return `no longer showed ${findingsOn(decision)}${because(decision.why)}`;
    case 'back':
      return `showed ${findingsOn(decision)} again`;
    case 'assign':
      return decision.assignee === null ? 'assigned it to nobody' : `assigned it to ${decision.assignee}`;
    case 'team':
      return decision.team === null
        ? 'left it to rules and tags whose it is'
        : `gave it to the team ${decision.team}`;
    case 'due':
      return decision.at === null ? 'took its due date away' : `said that it is due on ${dayOf(decision.at)}`;
  }
}

function deliverySentence({
  of,
  what,
  receiver,
  rule,
  key,
  sentence,
  stands,
  isClosed,
}: IssueDelivery): string {
  const thing = of === 'ticket' ? `a ticket in ${receiver}` : `the workflow ${receiver}`;
  switch (what) {
    case 'wanted': {
      const byRule = rule === null ? '' : `, as the rule ${rule} says`;
      return of === 'ticket' ? `asked for ${thing}${byRule}` : `ran ${thing}`;
    }
    case 'made':
      return of === 'ticket' ? `made ${thing}${key == null ? '' : `: ${key}`}` : `delivered ${thing}`;
    case 'failed':
      return `gave up on ${thing}${because(sentence ?? null)}`;
    case 'withdrawn':
      return `took back ${thing}`;
    case 'told': {
      const left = stands === 'resolved' && isClosed === true ? ', which is closed' : '';
      return `told ${key} in ${receiver} that it is ${stands === 'open' ? 'open again' : stands}${left}`;
    }
    case 'untold':
      return `gave up telling ${key} in ${receiver} that it is ${stands}${because(sentence ?? null)}`;
    case 'closed':
      return `saw that somebody closed ${key} in ${receiver}; that resolves nothing`;
    case 'reopened':
      return `saw that somebody opened ${key} in ${receiver} again`;
  }
}

const UNDONE: Readonly<Record<IssueDecision['kind'], string>> = {
  mute: 'mute',
  admit: 'taking in',
  assign: 'assignee',
  team: 'team',
  due: 'due date',
  progress: 'progress',
  snooze: 'snooze',
};

function findingsOn({
  findings,
  resource,
}: {
  readonly findings: number;
  readonly resource: string;
}): string {
  return findings === 1
    ? `the finding on ${resource}`
    : `${counted(findings, 'finding')}, on ${resource} among others`;
}

function because(reason: string | null): string {
  return reason === null || reason === '' ? '' : `: ${reason}`;
}

/** In UTC: `2026-12-08`. */
function dayOf(at: Instant): string {
  return instantText(at).slice(0, 10);
}
