import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useQueries,
  useQuery,
} from '@tanstack/react-query';
import type { InboxPage, IssueGroup, IssueGrouping, IssueGroups } from '../../../src/contract/inbox-page.ts';
import type { IssueRow } from '../../../src/contract/issue.ts';
import { getInboxPage, getIssueGroups } from './api/inbox-api.ts';
import type { InboxFilter } from './inbox-address.ts';

const INBOX = 'inbox';
const GROUPS = 'issue-groups';
const MEMBERS = 'group-members';

type InboxPages = InfiniteData<InboxPage, string | null>;

/** What is asked for the ranked list, page after page in the server's order. */
export function inboxPagesQuery(filter: InboxFilter) {
  return infiniteQueryOptions({
    queryKey: [INBOX, filter],
    queryFn: ({ pageParam, signal }) => getInboxPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** The ranked list. While a filter changes, the old rows stay. */
export function useInboxPages(filter: InboxFilter, enabled = true) {
  return useInfiniteQuery({
    ...inboxPagesQuery(filter),
    placeholderData: keepPreviousData,
    enabled,
    // Nothing moves unless a person moved it: what changed meanwhile is a count that can be asked for.
    refetchOnWindowFocus: false,
  });
}

/** The list in groups; null: it is not grouped. */
export function useIssueGroups(filter: InboxFilter, by: IssueGrouping | null) {
  return useQuery({
    queryKey: [GROUPS, filter, by],
    queryFn: ({ signal }) => getIssueGroups(filter, by ?? 'fix', signal),
    placeholderData: keepPreviousData,
    enabled: by !== null,
    refetchOnWindowFocus: false,
  });
}

/** More of the issues of some groups, by the query of each: at most a page. */
export function useGroupMembers(filter: InboxFilter, groups: readonly IssueGroup[]) {
  return useQueries({
    queries: groups.map(({ query }) => ({
      queryKey: [MEMBERS, filter, query],
      queryFn: ({ signal }: { signal: AbortSignal }) => getInboxPage({ ...filter, q: query }, null, signal),
      refetchOnWindowFocus: false,
    })),
    combine: (results) =>
      new Map(results.map(({ data }, index) => [groups[index]?.query ?? '', data?.items ?? null])),
  });
}

/** Puts a row that was answered after a change in the place of the old one; nothing moves. */
export function replaceRow(client: QueryClient, row: IssueRow): void {
  const renewed = (item: IssueRow) => (item.id === row.id ? row : item);
  client.setQueriesData<InboxPages>({ queryKey: [INBOX] }, (data) =>
    data === undefined
      ? data
      : {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            items: page.items.map(renewed),
          })),
        },
  );
  client.setQueriesData<IssueGroups>({ queryKey: [GROUPS] }, (data) =>
    data === undefined
      ? data
      : {
          ...data,
          groups: data.groups.map((group) => ({
            ...group,
            first: group.first.map((each) => ({ ...each, issue: renewed(each.issue) })),
          })),
        },
  );
  client.setQueriesData<InboxPage>({ queryKey: [MEMBERS] }, (data) =>
    data === undefined ? data : { ...data, items: data.items.map(renewed) },
  );
}

/** Reads the list again, all loaded pages of it. */
export async function reloadInbox(client: QueryClient): Promise<void> {
  await Promise.all([INBOX, GROUPS, MEMBERS].map((name) => client.invalidateQueries({ queryKey: [name] })));
}

/** Reads the counts of the lists in sight again and leaves their rows where they are. */
export async function reloadCounts(client: QueryClient): Promise<void> {
  const lists = client.getQueryCache().findAll({ queryKey: [INBOX], type: 'active' });
  for (const { queryKey } of lists) {
    const fresh = await getInboxPage(queryKey[1] as InboxFilter, null, new AbortController().signal);
    client.setQueryData<InboxPages>(queryKey, (data) =>
      data === undefined
        ? data
        : {
            ...data,
            pages: data.pages.map((page, index) =>
              index === 0 ? { ...fresh, items: page.items, nextCursor: page.nextCursor } : page,
            ),
          },
    );
  }
}
