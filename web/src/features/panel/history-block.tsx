import { useQuery } from '@tanstack/react-query';
import { getHistory } from '../../shared/api/issue-api.ts';
import { Fold } from '../../shared/fold.tsx';
import { Moment } from '../../shared/moment.tsx';
import { ProblemFace } from '../../shared/problem-face.tsx';

/** What happened to the issue, newest first: what people decided and said, what reports and time did. */
export function HistoryBlock({ id, now }: { id: string; now: number }) {
  const history = useQuery({
    queryKey: ['history', id],
    queryFn: ({ signal }) => getHistory(id, signal),
  });
  return (
    <Fold name="history" title="History">
      {history.isError && <ProblemFace error={history.error} retry={() => history.refetch()} />}
      {history.data?.items.length === 0 && <p className="muted">Nothing has happened to it yet.</p>}
      <ol className="history" data-testid="history">
        {history.data?.items.map(({ at, by, sentence, changes, comment }) => (
          <li key={`${at} ${comment?.id ?? ''} ${sentence}`}>
            <span className="told">
              <b>{by}</b> {sentence}
              {changes.map(({ field, before, after }) => (
                <span key={field} className="muted">
                  {' '}
                  · {field} from {before ?? 'none'} to {after ?? 'none'}
                </span>
              ))}
              {comment !== null && <q className="said-text told">{comment.text}</q>}
              {comment !== null && comment.editedAt !== null && <span className="muted"> (changed)</span>}
            </span>
            <Moment at={at} now={now} />
          </li>
        ))}
      </ol>
    </Fold>
  );
}
