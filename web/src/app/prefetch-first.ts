import type { QueryClient } from '@tanstack/react-query';
import { parseAddressSearch } from '../shared/address-text.ts';
import { filterOf, readInboxSearch } from '../shared/inbox-address.ts';
import { inboxPagesQuery } from '../shared/inbox-queries.ts';
import { sessionQuery } from './session-query.ts';

/** Begins to read what was asked for ahead, before anything is drawn. What is refused is told where it is shown. */
export function prefetchFirst(
  client: QueryClient,
  { pathname, search }: Pick<Location, 'pathname' | 'search'>,
): void {
  if (pathname === '/sign-in') return;
  void client.prefetchQuery(sessionQuery);
  if (pathname === '/')
    void client.prefetchInfiniteQuery(inboxPagesQuery(filterOf(readInboxSearch(parseAddressSearch(search)))));
}
