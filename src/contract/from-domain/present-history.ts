import { type Instant, instantText } from '#base/instant.ts';
import type { IssueEvent } from '#domain/ports/inbox-store.ts';
import type { IssueHistory } from '../issue-history.ts';

export function presentHistory(events: readonly IssueEvent[]): IssueHistory {
  return {
    items: events.map(({ at, actor, what }) => ({
      at: instantText(at),
      by: actor,
      sentence: sentenceOf(what),
    })),
  };
}

function sentenceOf(decision: IssueEvent['what']): string {
  switch (decision.kind) {
    case 'mute': {
      if (!decision.isMuted) return 'unmuted it';
      const end = decision.until === null ? '' : ` until ${dayOf(decision.until)}`;
      return `muted it${end}${because(decision.reason)}`;
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
    case 'mute-ended':
      return 'unmuted it, as its mute ran out';
    case 'overdue':
      return `found it overdue since ${dayOf(decision.due)}`;
    case 'assign':
      return decision.assignee === null ? 'assigned it to nobody' : `assigned it to ${decision.assignee}`;
    case 'due':
      return decision.at === null ? 'took its due date away' : `said that it is due on ${dayOf(decision.at)}`;
  }
}

function because(reason: string | null): string {
  return reason === null || reason === '' ? '' : `: ${reason}`;
}

/** In UTC: `2026-12-08`. */
function dayOf(at: Instant): string {
  return instantText(at).slice(0, 10);
}
