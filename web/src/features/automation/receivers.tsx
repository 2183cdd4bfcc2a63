import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Receiver } from '../../../../src/contract/receiver.ts';
import { getReceivers, putReceiver, removeReceiver } from '../../shared/api/receiver-api.ts';
import { asProblem } from '../../shared/api-problem.ts';
import { Moment } from '../../shared/moment.tsx';
import { counted } from '../../shared/number-text.ts';
import { ProblemFace } from '../../shared/problem-face.tsx';
import { ScrollBox } from '../../shared/scroll-box.tsx';
import { TableSkeleton } from '../../shared/table-skeleton.tsx';
import { ReceiverForm } from './receiver-form.tsx';
import { eventsText, receiverKindWords } from './receiver-kinds.ts';

/** Trackers in which tickets are made and webhooks that take signed messages: those there are, and a form for another. */
export function Receivers({ canChange, now }: { canChange: boolean; now: number }) {
  const client = useQueryClient();
  const receivers = useQuery({ queryKey: ['receivers'], queryFn: ({ signal }) => getReceivers(signal) });
  const [edited, setEdited] = useState<Receiver | null>(null);
  const [removed, setRemoved] = useState<string | null>(null);
  // A form that was refused keeps what was written into it.
  const [saved, setSaved] = useState(0);
  const changed = (answer: { readonly items: readonly Receiver[] }) => {
    client.setQueryData(['receivers'], answer);
    setEdited(null);
    setRemoved(null);
    setSaved((before) => before + 1);
  };
  const putting = useMutation({ mutationFn: putReceiver, onSuccess: changed });
  const removing = useMutation({ mutationFn: removeReceiver, onSuccess: changed });
  if (receivers.isError) return <ProblemFace error={receivers.error} retry={() => receivers.refetch()} />;
  if (receivers.isPending) return <TableSkeleton label="Reading the receivers" />;
  const { items } = receivers.data;
  return (
    <>
      <section className="section" aria-labelledby="receivers-title" data-testid="receivers">
        <header>
          <h2 id="receivers-title">Receivers</h2>
          <span className="sub">{counted(items.length, 'receiver')}; a secret is never shown again</span>
        </header>
        {items.length === 0 ? (
          <p className="muted">
            Nothing is delivered yet. A tracker takes tickets, by the key <kbd>t</kbd> and by rules; a webhook
            takes signed messages, when somebody runs a workflow or whenever something happens to an issue.
          </p>
        ) : (
          <ScrollBox label="Table of receivers" className="table-scroll">
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Kind</th>
                  <th scope="col">Where</th>
                  <th scope="col">Last delivery</th>
                  {canChange && (
                    <th scope="col">
                      <span className="sr">Change</span>
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {items.map((receiver) => (
                  <tr key={receiver.name} data-testid="receiver">
                    <td className="two told">
                      <span className="ttl">{receiver.name}</span>
                      <small className="told">
                        by {receiver.addedBy}, <Moment at={receiver.addedAt} now={now} />
                      </small>
                    </td>
                    <td className="muted">{receiverKindWords[receiver.kind].name}</td>
                    <td className="two told">
                      {receiver.project ?? (receiver.events ? eventsText(receiver) : 'workflows')}
                      <small className="told">{receiver.address}</small>
                    </td>
                    <td className="two told">
                      <LastDelivery last={receiver.last} now={now} />
                    </td>
                    {canChange && (
                      <td className="acts-cell">
                        {removed === receiver.name ? (
                          <span className="acts-line">
                            <button
                              type="button"
                              className="btn"
                              disabled={removing.isPending}
                              onClick={() => removing.mutate(receiver.name)}
                            >
                              Remove with its secret
                            </button>
                            <button type="button" className="btn quiet" onClick={() => setRemoved(null)}>
                              Keep
                            </button>
                          </span>
                        ) : (
                          <span className="acts-line">
                            <button
                              type="button"
                              className="btn"
                              aria-label={`Replace ${receiver.name}`}
                              onClick={() => setEdited(receiver)}
                            >
                              Replace
                            </button>
                            <button
                              type="button"
                              className="btn quiet"
                              aria-label={`Remove ${receiver.name}`}
                              onClick={() => setRemoved(receiver.name)}
                            >
                              Remove
                            </button>
                          </span>
                        )}
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        )}
        {removing.isError && (
          <p className="told critical" role="alert">
            {asProblem(removing.error).detail}
          </p>
        )}
      </section>
      {canChange ? (
        <ReceiverForm
          key={`${edited?.name} ${saved}`}
          edited={edited}
          isFirst={items.length === 0}
          busy={putting.isPending}
          problem={putting.isError ? asProblem(putting.error).detail : null}
          onSave={putting.mutate}
          onCancel={() => setEdited(null)}
        />
      ) : (
        <p className="section muted">Who administers can set up another one.</p>
      )}
    </>
  );
}

function LastDelivery({ last, now }: { last: Receiver['last']; now: number }) {
  if (last === null) return <span className="faint">none yet</span>;
  return (
    <>
      <span className={last.failure === null ? 'state-dot good' : 'state-dot critical'}>
        <span>
          {last.failure === null ? 'arrived' : 'failed'} <Moment at={last.at} now={now} />
        </span>
      </span>
      {last.failure !== null && (
        <small className="told" title={last.failure}>
          {last.failure}
        </small>
      )}
    </>
  );
}
