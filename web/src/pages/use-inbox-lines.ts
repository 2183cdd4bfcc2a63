import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { IssueGrouping } from '../../../src/contract/inbox-page.ts';
import { groupLines, listLines } from '../features/list/list-lines.ts';
import { asQueryProblem } from '../shared/api-problem.ts';
import type { InboxFilter } from '../shared/inbox-address.ts';
import { useGroupMembers, useInboxPages, useIssueGroups } from '../shared/inbox-queries.ts';

/** The lines of the list. While a query cannot be read, those of the last one that could stay. */
export function useInboxLines(filter: InboxFilter, by: IssueGrouping | null) {
  const listed = useListedLines(filter);
  const groups = useGroupedLines(filter, by);
  const now = groups === null ? { ...listed, groups: null } : { ...listed, ...groups };
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

const NO_MORE = { has: false, loading: false, failed: false, load: () => undefined };

/** The same list in groups; null: it is not grouped. Which groups are folded or opened is of this page alone. */
function useGroupedLines(filter: InboxFilter, by: IssueGrouping | null) {
  const asked = useIssueGroups(filter, by);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const groups = useMemo(() => asked.data?.groups ?? [], [asked.data]);
  const members = useGroupMembers(filter, by === null ? [] : groups.filter(({ query }) => opened.has(query)));
  const lines = useMemo(() => groupLines(groups, folded, members), [groups, folded, members]);
  if (by === null) return null;
  return {
    lines,
    grouped: false,
    busy: asked.isPlaceholderData || asked.isPending,
    isError: asked.isError,
    error: asked.error,
    retry: () => {
      void asked.refetch();
    },
    more: NO_MORE,
    groups: {
      by,
      total: asked.data?.total ?? 0,
      shown: groups.length,
      fold: ({ query }: { query: string }) => setFolded(toggledIn(folded, query)),
      open: ({ query }: { query: string }) => setOpened(new Set([...opened, query])),
    },
  };
}

function toggledIn(set: ReadonlySet<string>, each: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(each)) next.add(each);
  return next;
}
