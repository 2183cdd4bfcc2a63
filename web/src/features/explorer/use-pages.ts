import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly total: number;
  readonly nextCursor: string | null;
}

/** The rows of a list, page after page; while what narrows it changes, the old rows stay. */
export function usePages<Item, Answer extends Page<Item>>(
  name: string,
  parameters: URLSearchParams,
  read: (parameters: URLSearchParams, cursor: string | null, signal: AbortSignal) => Promise<Answer>,
) {
  const found = useInfiniteQuery({
    queryKey: [name, String(parameters)],
    queryFn: ({ pageParam, signal }) => read(parameters, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: (query) => (query.state.data?.pages.length ?? 0) <= 2,
  });
  return {
    first: found.data?.pages[0] ?? null,
    items: (found.data?.pages ?? []).flatMap((page) => [...page.items]),
    isPending: found.isPending,
    isBusy: found.isPlaceholderData,
    error: found.isFetchNextPageError ? null : found.error,
    hasMore: found.hasNextPage,
    isFetchingMore: found.isFetchingNextPage,
    hasFailedMore: found.isFetchNextPageError,
    more: () => void found.fetchNextPage({ cancelRefetch: false }),
    retry: () => void found.refetch(),
  };
}
