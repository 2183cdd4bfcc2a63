import { useQuery } from '@tanstack/react-query';
import { getHistory } from '../../shared/api.ts';
import { Fold } from '../../shared/fold.tsx';
import { Moment } from '../../shared/moment.tsx';
import { ProblemFace } from '../../shared/problem-face.tsx';

/** What people decided about the issue, newest first. */
export function HistoryBlock({ id, now }: { id: string; now: number }) {
  const history = useQuery({
    queryKey: ['history', id],
    queryFn: ({ signal }) => getHistory(id, signal),
  });
  return (
    <Fold name="history" title="Decisions">
      {history.isError && <ProblemFace error={history.error} retry={() => history.refetch()} />}
      {history.data?.items.length === 0 && <p className="muted">Nobody decided anything about it yet.</p>}
      <ol className="history" data-testid="history">
        {history.data?.items.map(({ at, by, sentence }) => (
          <li key={`${at} ${sentence}`}>
            <span className="told">
              <b>{by}</b> {sentence}
            </span>
            <Moment at={at} now={now} />
          </li>
        ))}
      </ol>
    </Fold>
  );
}
