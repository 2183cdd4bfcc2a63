import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { decideAcceptance, getAcceptances } from '../../shared/api/acceptance-api.ts';
import { getSession } from '../../shared/api/session-api.ts';
import { asProblem } from '../../shared/api-problem.ts';
import { dayText } from '../../shared/time-text.ts';

/** That somebody wants to accept the risk and a second person has to agree, with both answers for whoever may give them. */
export function AcceptanceRequest({ id }: { id: string }) {
  const client = useQueryClient();
  const asked = useQuery({ queryKey: ['acceptances'], queryFn: ({ signal }) => getAcceptances(signal) });
  const session = useQuery({ queryKey: ['session'], queryFn: ({ signal }) => getSession(signal) });
  const request = asked.data?.items.find(({ issue }) => issue === id);
  const decide = useMutation({
    mutationFn: (isApproved: boolean) => decideAcceptance(request?.id ?? '', isApproved),
    onSuccess: async () => {
      await Promise.all(
        ['acceptances', 'issue', 'history', 'inbox'].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      );
    },
  });
  if (request === undefined) return null;
  const { askedBy, reason, until } = request;
  const isAdministrator = session.data?.role === 'administer';
  const isOwn = session.data?.name === askedBy;
  return (
    <section className="acceptance" aria-label="Acceptance of the risk" data-testid="acceptance">
      <p className="told">
        <b>{askedBy}</b> wants to accept this risk until {dayText(until)}: {reason}
      </p>
      {isAdministrator || isOwn ? (
        <p className="acts-line">
          {isAdministrator && (
            <button
              type="button"
              className="btn"
              disabled={isOwn || decide.isPending}
              title={isOwn ? 'Another administrator has to agree' : undefined}
              onClick={() => decide.mutate(true)}
            >
              Agree
            </button>
          )}
          <button
            type="button"
            className="btn"
            disabled={decide.isPending}
            onClick={() => decide.mutate(false)}
          >
            {isOwn ? 'Take back' : 'Decline'}
          </button>
        </p>
      ) : (
        <p className="muted">An administrator has to agree.</p>
      )}
      {decide.isError && (
        <p className="critical told" role="alert">
          {asProblem(decide.error).detail}
        </p>
      )}
    </section>
  );
}
