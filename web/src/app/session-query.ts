import { queryOptions } from '@tanstack/react-query';
import { getSession } from '../shared/api/session-api.ts';

/** Who is signed in: asked once, until somebody signs out or the server refuses. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => getSession(signal),
  staleTime: Number.POSITIVE_INFINITY,
});
