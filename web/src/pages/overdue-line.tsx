import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { getSources } from '../shared/api/sources-api.ts';
import { overdueText } from './overdue-text.ts';

/** Silence is counted in days; in milliseconds. */
const FRESH_FOR = 10 * 60_000;

/** Which sources have fallen silent: what they found is shown as of their last report. Nothing where none has, and before the list is there. */
export function OverdueLine({ isListed }: { isListed: boolean }) {
  const sources = useQuery({
    queryKey: ['sources'],
    queryFn: ({ signal }) => getSources(signal),
    staleTime: FRESH_FOR,
    refetchOnWindowFocus: false,
    // Counting what all sources show takes longer than a page of the list.
    enabled: isListed,
  });
  const text = overdueText(sources.data?.items ?? []);
  if (text === null) return null;
  return (
    <p className="overdue" data-testid="overdue">
      {text} <Link to="/sources">Sources</Link>
    </p>
  );
}
