import type { Receiver } from '../../../../src/contract/receiver.ts';
import { counted } from '../../shared/number-text.ts';

/** What each kind of receiver is called, and what is asked of it. */
export const receiverKindWords: Readonly<
  Record<
    Receiver['kind'],
    {
      readonly name: string;
      readonly takes: string;
      readonly address: { readonly label: string; readonly example: string };
      /** Null: it has none. */
      readonly project: { readonly label: string; readonly example: string } | null;
      readonly secret: string;
    }
  >
> = {
  github: {
    name: 'GitHub issues',
    takes: 'a ticket is an issue of a repository',
    address: { label: 'Root of the API', example: 'https://api.github.com' },
    project: { label: 'Repository', example: 'owner/repository' },
    secret: 'Token that may write issues',
  },
  jira: {
    name: 'Jira',
    takes: 'a ticket is an issue of a project',
    address: { label: 'Root of the site', example: 'https://example.atlassian.net' },
    project: { label: 'Key of the project', example: 'SEC' },
    secret: 'API token',
  },
  webhook: {
    name: 'Webhook',
    takes: 'gets signed messages, such as a workflow with inputs',
    address: { label: 'Address', example: 'https://hooks.example.com/security' },
    project: null,
    secret: 'Secret that messages are signed with, 16 characters at least',
  },
};

/** Which events of issues a webhook gets, and how. */
export function eventsText({
  leastSeverity,
  digestMinutes,
}: Pick<Receiver, 'leastSeverity' | 'digestMinutes'>): string {
  const which =
    leastSeverity === null
      ? 'what happens to issues'
      : `what happens to ${leastSeverity} issues${leastSeverity === 'critical' ? '' : ' and above'}`;
  return digestMinutes === null ? which : `${which}, all of ${spanText(digestMinutes)} at once`;
}

const DIGESTS = [15, 60, 240, 1_440, 10_080];

/** The times of which everything can be one message; `chosen`: one that was chosen elsewhere is among them. */
export function digestTimes(
  chosen: number | null,
): readonly { readonly minutes: number; readonly text: string }[] {
  const all = chosen === null || DIGESTS.includes(chosen) ? DIGESTS : [...DIGESTS, chosen];
  return all.toSorted((a, b) => a - b).map((minutes) => ({ minutes, text: spanText(minutes) }));
}

function spanText(minutes: number): string {
  if (minutes % 1_440 === 0) return counted(minutes / 1_440, 'day');
  return minutes % 60 === 0 ? counted(minutes / 60, 'hour') : counted(minutes, 'minute');
}
