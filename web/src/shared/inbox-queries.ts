import {
  type InfiniteData,
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
} from '@tanstack/react-query';
import type { InboxPage } from '../../../src/contract/inbox-page.ts';
import type { IssueRow } from '../../../src/contract/issue.ts';
import { getInboxPage } from './api.ts';
import type { InboxFilter } from './inbox-address.ts';

const INBOX = 'inbox';

type InboxPages = InfiniteData<InboxPage, string | null>;

/** The ranked list, page after page in the server's order. While a filter changes, the old rows stay. */
export function useInboxPages(filter: InboxFilter, enabled = true) {
  return useInfiniteQuery({
    queryKey: [INBOX, filter],
    queryFn: ({ pageParam, signal }) => getInboxPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    enabled,
    // Nothing moves unless a person moved it: what changed meanwhile is a count that can be asked for.
    refetchOnWindowFocus: false,
  });
}

/** Puts a row that was answered after a change in the place of the old one; nothing moves. */
export function replaceRow(client: QueryClient, row: IssueRow): void {
  client.setQueriesData<InboxPages>({ queryKey: [INBOX] }, (data) =>
    data === undefined
      ? data
      : {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            items: page.items.map((item) => (item.id === row.id ? row : item)),
          })),
        },
  );
}

/** Reads the list again, all loaded pages of it. */
export function reloadInbox(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: [INBOX] });
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
