import type { Receiver } from '../../../../src/contract/receiver.ts';

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
