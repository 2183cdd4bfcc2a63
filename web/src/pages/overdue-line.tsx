import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { getSources } from '../shared/api.ts';
import { overdueText } from './overdue-text.ts';

/** Which sources have fallen silent: what they found is shown as of their last report. Nothing where none has. */
export function OverdueLine() {
  const sources = useQuery({ queryKey: ['sources'], queryFn: ({ signal }) => getSources(signal) });
  const text = overdueText(sources.data?.items ?? []);
  if (text === null) return null;
  return (
    <p className="overdue" data-testid="overdue">
      {text} <Link to="/sources">Sources</Link>
    </p>
  );
}
