import type { QueryClient } from '@tanstack/react-query';
import { parseAddressSearch } from '../shared/address-text.ts';
import { filterOf, readInboxSearch } from '../shared/inbox-address.ts';
import { inboxPagesQuery } from '../shared/inbox-queries.ts';
import { sessionQuery } from './session-query.ts';

/**
 * Asks for what the first screen shows before anything is drawn, all at once: who is there and, at the address of the list, its
 * first page. What is refused is told where it is shown. Nothing where a session is only about to begin.
 */
export function askAhead(
  client: QueryClient,
  { pathname, search }: Pick<Location, 'pathname' | 'search'>,
): void {
  if (pathname === '/sign-in') return;
  void client.prefetchQuery(sessionQuery);
  if (pathname === '/')
    void client.prefetchInfiniteQuery(inboxPagesQuery(filterOf(readInboxSearch(parseAddressSearch(search)))));
}
