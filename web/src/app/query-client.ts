import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem, asNotInitialised, isSignedOut } from '../shared/api-problem.ts';

const FRESH_FOR = 15_000;
const RETRY_AFTER = 300;

/** What the server refused for a reason is not asked again; what failed on the way is, once. */
function shouldRetry(failures: number, error: Error): boolean {
  const refused =
    (error instanceof ApiProblem && error.problem.status < 500) || asNotInitialised(error) !== null;
  return !refused && failures < 1;
}

/** One cache for the page. A session that ended anywhere shows the signed-out face everywhere. */
export function makeQueryClient(): QueryClient {
  const checkSession = (error: Error, key?: unknown) => {
    const wasSignedIn = client.getQueryData(['session']) !== undefined;
    if (isSignedOut(error) && key !== 'session' && wasSignedIn)
      void client.resetQueries({ queryKey: ['session'] });
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => checkSession(error, query.queryKey[0]) }),
    mutationCache: new MutationCache({ onError: (error) => checkSession(error) }),
    defaultOptions: { queries: { staleTime: FRESH_FOR, retry: shouldRetry, retryDelay: RETRY_AFTER } },
  });
  return client;
}
