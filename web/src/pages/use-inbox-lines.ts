import { useCallback, useEffect, useMemo, useRef } from 'react';
import { listLines } from '../features/list/list-lines.ts';
import { asQueryProblem } from '../shared/api-problem.ts';
import type { InboxFilter } from '../shared/inbox-address.ts';
import { useInboxPages } from '../shared/inbox-queries.ts';

/** The lines of the list. While a query cannot be read, those of the last one that could stay. */
export function useInboxLines(filter: InboxFilter) {
  const now = useListedLines(filter);
  const last = useRef(now);
  const queryProblem = asQueryProblem(now.error);
  const isRead = queryProblem === null;
  useEffect(() => {
    if (isRead) last.current = now;
  });
  return { ...(isRead ? now : { ...last.current, isError: false, busy: false }), queryProblem };
}

/**
 * The lines of the list. While the inbox admits little, the listing of everything follows
 * below the inbox, in its own order: the page of the first report.
 */
function useListedLines(filter: InboxFilter) {
  const inbox = useInboxPages(filter);
  const page = inbox.data?.pages[0] ?? null;
  const grouped = page !== null && !filter.all && page.holdingBack.length > 0 && !inbox.hasNextPage;
  const everything = useInboxPages({ ...filter, all: true }, grouped);
  const whole = everything.data?.pages[0]?.total ?? 0;

  const issues = useMemo(() => inbox.data?.pages.flatMap((part) => part.items) ?? [], [inbox.data]);
  const rest = useMemo(() => everything.data?.pages.flatMap((part) => part.items) ?? [], [everything.data]);
  const lines = useMemo(
    () => listLines(issues, grouped ? { everything: rest, count: Math.max(0, whole - issues.length) } : null),
    [issues, rest, grouped, whole],
  );

  const last = grouped ? everything : inbox;
  const { fetchNextPage } = last;
  const load = useCallback(() => {
    void fetchNextPage({ cancelRefetch: false });
  }, [fetchNextPage]);
  return {
    page,
    /** What the facets count: everything that is listed, both groups where there are two. */
    facets: (grouped ? everything.data?.pages[0]?.facets : page?.facets) ?? null,
    lines,
    /** The rows of the inbox that are loaded, without what follows it. */
    first: issues,
    /** Issues in all pages of what is shown. */
    total: grouped ? Math.max(whole, issues.length) : (page?.total ?? 0),
    grouped,
    busy: inbox.isPlaceholderData || (grouped && everything.isPending),
    isError: inbox.isError && !inbox.isFetchNextPageError,
    error: inbox.error,
    retry: () => {
      void inbox.refetch();
    },
    more: {
      has: last.hasNextPage,
      loading: last.isFetchingNextPage,
      failed: last.isFetchNextPageError || (grouped && everything.isError),
      load,
    },
  };
}
