import type { IssueRow } from '../../../src/contract/issue.ts';
import type { IssueActionBody } from '../../../src/contract/issue-action.ts';
import { dayText } from '../shared/time-text.ts';

/** What a decision was, as the foot says it. */
export function decisionSentence(decision: IssueActionBody): string {
  switch (decision.do) {
    case 'mute': {
      const { reason, until } = decision;
      return `Muted${until === undefined ? '' : ` until ${dayText(until)}`}, ${reason}`;
    }
    case 'snooze': {
      const ends = [
        ...(decision.until === undefined ? [] : [dayText(decision.until)]),
        ...(decision.untilWorse === true ? ['it gets worse'] : []),
      ];
      return `Snoozed until ${ends.join(' or ')}`;
    }
    case 'assign':
      return assigned(decision.assignee);
    case 'team':
      return decision.team === null ? 'Its team is whoever owns it' : `Given to ${decision.team}`;
    case 'due':
      return due(decision.due);
    default:
      return PLAIN[decision.do];
  }
}

/** How it stands where a decision was taken back; of many issues that is of each its own. */
export function undoneSentence(
  decision: IssueActionBody,
  before: Pick<IssueRow, 'assignee' | 'dueAt'> | null,
): string {
  if (before !== null && decision.do === 'assign') return assigned(before.assignee);
  if (before !== null && decision.do === 'due') return due(before.dueAt);
  return OPPOSITE[decision.do];
}

const PLAIN = {
  admit: 'Taken in by hand',
  unadmit: 'No longer taken in by hand',
  unmute: 'Unmuted',
  wake: 'Woken',
  start: 'In progress',
  stop: 'No longer in progress',
} as const;

const OPPOSITE = {
  team: 'Team as before',
  mute: 'Unmuted',
  unmute: 'Muted as before',
  admit: PLAIN.unadmit,
  unadmit: PLAIN.admit,
  snooze: 'Not snoozed',
  wake: 'Snoozed as before',
  start: PLAIN.stop,
  stop: PLAIN.start,
  assign: 'Assigned as before',
  due: 'Due as before',
} as const;

function assigned(name: string | null): string {
  return name === null ? 'Assigned to nobody' : `Assigned to ${name}`;
}

function due(at: string | null): string {
  return at === null ? 'Without a due date' : `Due on ${dayText(at)}`;
}
