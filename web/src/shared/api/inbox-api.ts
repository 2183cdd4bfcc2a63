import type { ExportFormat } from '../../../../src/contract/export.ts';
import {
  type InboxPage,
  type IssueGrouping,
  type IssueGroups,
  inboxPageSchema,
  issueGroupsSchema,
} from '../../../../src/contract/inbox-page.ts';
import type { InboxFilter } from '../inbox-address.ts';
import { inboxPagePath, inboxParameters } from '../inbox-parameters.ts';
import { readAs } from './call-api.ts';

/** One page of the ranked list; `cursor` null is the first. */
export function getInboxPage(
  filter: InboxFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<InboxPage> {
  return readAs(inboxPageSchema, inboxPagePath(filter, cursor), { signal });
}

/** The same list in groups, with the first issues of each. */
export function getIssueGroups(
  filter: InboxFilter,
  by: IssueGrouping,
  signal: AbortSignal,
): Promise<IssueGroups> {
  const parameters = inboxParameters(filter);
  parameters.set('by', by);
  return readAs(issueGroupsSchema, `/issue-groups?${parameters}`, { signal });
}

/** The first issues that hold these words, admitted or not. */
export function findIssues(words: string, signal: AbortSignal): Promise<InboxPage> {
  return readAs(inboxPageSchema, `/issues?${new URLSearchParams({ all: 'true', limit: '8', q: words })}`, {
    signal,
  });
}

/** Where the whole list can be fetched as a file. */
export function exportAddress(filter: InboxFilter, isGrouped: boolean, format: ExportFormat): string {
  const parameters = inboxParameters({ ...filter, all: filter.all || isGrouped });
  parameters.set('format', format);
  return `/api/v1/export?${parameters}`;
}
