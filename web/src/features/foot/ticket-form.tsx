import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef } from 'react';
import { getReceivers } from '../../shared/api/receiver-api.ts';
import { type Refusal, useRefusal } from './use-refusal.tsx';

/** Asks in which tracker a ticket is made, in the foot of the list, and makes it with Enter. */
export function TicketForm({
  title,
  busy,
  refusal,
  onTicket,
  onCancel,
}: {
  title: string;
  busy: boolean;
  refusal: Refusal | null;
  onTicket: (receiver: string) => void;
  onCancel: () => void;
}) {
  const receivers = useQuery({ queryKey: ['receivers'], queryFn: ({ signal }) => getReceivers(signal) });
  const trackers = receivers.data?.items.filter(({ kind }) => kind !== 'webhook') ?? [];
  const form = useRef<HTMLFormElement>(null);
  const { field, told } = useRefusal<HTMLSelectElement>(refusal);
  const isReady = !receivers.isPending;
  // What there is to choose is known a moment later; without a tracker the way to one is what Enter follows.
  useEffect(() => {
    if (isReady) form.current?.querySelector<HTMLElement>('select, a')?.focus();
  }, [isReady]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const receiver = new FormData(event.currentTarget).get('receiver');
    if (typeof receiver === 'string') onTicket(receiver);
  };
  return (
    <form className="foot ask" ref={form} onSubmit={submit} aria-label={`Ticket for ${title}`}>
      {trackers.length > 0 ? (
        <>
          <label>
            Make a ticket in
            <select
              className="field"
              name="receiver"
              {...field}
              // A choice does not send its form by itself.
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                event.currentTarget.form?.requestSubmit();
              }}
            >
              {trackers.map(({ name, project }) => (
                <option key={name} value={name}>
                  {project === null ? name : `${name} (${project})`}
                </option>
              ))}
            </select>
          </label>
          {told}
          <button type="submit" className="btn main" disabled={busy}>
            Make the ticket
          </button>
        </>
      ) : (
        <span role="status">
          {receivers.isPending ? (
            'Reading the trackers'
          ) : receivers.isError ? (
            'The trackers could not be read.'
          ) : (
            <>
              No tracker is set up yet.{' '}
              <Link className="link" to="/automation" search={{ as: 'receivers' }}>
                Set one up
              </Link>
            </>
          )}
        </span>
      )}
      <button type="button" className="btn quiet" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
