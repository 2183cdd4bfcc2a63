import { InboxError } from '#base/inbox-error.ts';
import { DAY_MS, type Instant } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { IssueDecision, MuteReason } from '#domain/ports/inbox-store.ts';
import type { AppContext } from './context.ts';
import { knownPerson } from './known-person.ts';

/** What a person does to an issue, or to many. */
export type IssueAction =
  | {
      readonly do: 'mute';
      readonly reason: string;
      readonly because: MuteReason;
      readonly until: Instant | null;
    }
  | { readonly do: 'admit'; readonly reason: string | null }
  | { readonly do: 'assign'; readonly assignee: string | null }
  | { readonly do: 'team'; readonly team: string | null }
  | { readonly do: 'due'; readonly due: Instant | null }
  | { readonly do: 'snooze'; readonly until: Instant | null; readonly untilWorse: boolean }
  | { readonly do: 'unmute' | 'unadmit' | 'wake' | 'start' | 'stop' };

const REASON_MAX = 500;
const TEAM_MAX = 200;

/**
 * The decision that an action is. Throws `usage` for an end that is past, a snooze without an end, a name that nobody
 * has, and a risk that is accepted for ever or for longer than the organisation lets it.
 */
export async function decisionOf(ctx: AppContext, action: IssueAction): Promise<IssueDecision> {
  const now = ctx.clock.now();
  switch (action.do) {
    case 'mute': {
      const { reason, because, until } = action;
      if (until !== null && until <= now)
        throw new InboxError('usage', 'A mute ends in the future; the given time is past.');
      if (because === 'risk_accepted') await checkAcceptance(ctx, until, now);
      return { kind: 'mute', isMuted: true, reason: oneLine(reason, REASON_MAX), because, until };
    }
    case 'unmute':
      return { kind: 'mute', isMuted: false, reason: '', until: null };
    case 'admit': {
      const reason = action.reason === null ? null : oneLine(action.reason, REASON_MAX);
      return { kind: 'admit', isAdmitted: true, reason };
    }
    case 'unadmit':
      return { kind: 'admit', isAdmitted: false, reason: null };
    case 'assign':
      return { kind: 'assign', assignee: await knownPerson(ctx, action.assignee) };
    case 'team': {
      const team = action.team === null ? null : oneLine(action.team, TEAM_MAX);
      if (team === '') throw new InboxError('usage', 'A team has a name.');
      return { kind: 'team', team };
    }
    case 'due':
      return { kind: 'due', at: action.due };
    case 'snooze': {
      const { until, untilWorse } = action;
      if (until === null && !untilWorse)
        throw new InboxError('usage', 'A snooze has an end: a date, or that the issue gets worse.');
      if (until !== null && until <= now)
        throw new InboxError('usage', 'A snooze ends in the future; the given time is past.');
      return { kind: 'snooze', isSnoozed: true, until, untilWorse };
    }
    case 'wake':
      return { kind: 'snooze', isSnoozed: false, until: null, untilWorse: false };
    case 'start':
      return { kind: 'progress', isStarted: true };
    case 'stop':
      return { kind: 'progress', isStarted: false };
  }
}

async function checkAcceptance(ctx: AppContext, until: Instant | null, now: Instant): Promise<void> {
  const { daysMax } = await ctx.acceptances.rules();
  if (until === null)
    throw new InboxError(
      'usage',
      'A risk is accepted until a date, so that somebody looks at it again: give one.',
    );
  if (until > now + daysMax * DAY_MS)
    throw new InboxError('usage', `A risk is accepted for ${daysMax} days at most; give an earlier date.`);
}
