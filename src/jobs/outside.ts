import type { Outside } from '#app/deliver-due.ts';
import { githubIssues } from './receivers/github-issues.ts';
import { jira } from './receivers/jira.ts';
import { sendWebhook } from './receivers/webhook.ts';

/** The receivers over HTTP. `address`: where the pages of this server are. */
export function outsideOver(address: string | null): Outside {
  return {
    address,
    tracker: (receiver, secret) =>
      receiver.kind === 'jira' ? jira(receiver, secret) : githubIssues(receiver, secret),
    send: sendWebhook,
  };
}
