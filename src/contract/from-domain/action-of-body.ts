import type { IssueActionBody } from '../issue-action.ts';

type MuteBody = Extract<IssueActionBody, { readonly do: 'mute' }>;

/** An action on issues as a verb takes it. */
type Action =
  | {
      readonly do: 'mute';
      readonly reason: string;
      readonly because: NonNullable<MuteBody['because']>;
      readonly until: number | null;
    }
  | { readonly do: 'admit'; readonly reason: string | null }
  | { readonly do: 'assign'; readonly assignee: string | null }
  | { readonly do: 'team'; readonly team: string | null }
  | { readonly do: 'due'; readonly due: number | null }
  | { readonly do: 'snooze'; readonly until: number | null; readonly untilWorse: boolean }
  | { readonly do: 'unmute' | 'unadmit' | 'wake' | 'start' | 'stop' };

/** What a door was given, as the verb takes it. */
export function actionOfBody(body: IssueActionBody): Action {
  switch (body.do) {
    case 'mute':
      return { ...body, because: body.because ?? 'other', until: instantOf(body.until) };
    case 'admit':
      return { do: 'admit', reason: body.reason ?? null };
    case 'snooze':
      return { do: 'snooze', until: instantOf(body.until), untilWorse: body.untilWorse ?? false };
    case 'due':
      return { do: 'due', due: instantOf(body.due) };
    default:
      return body;
  }
}

function instantOf(text: string | null | undefined): number | null {
  return text === undefined || text === null ? null : Date.parse(text);
}
